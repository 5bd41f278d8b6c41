import type { ConvLayer, DepthwiseConvLayer, Layer, PoolingLayer } from '../../src-main/network/layer.ts';
import type { WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { layerShapes } from '../../src-main/network/shapes.ts';
import { getWeight } from '../../src-main/network/weights.ts';

/** One image's activations at every layer, by the definitions and in double precision: what engines are compared with. */
export function referenceForward(
  { network, weights }: WeightedNetwork,
  image: ArrayLike<number>,
): ReadonlyMap<string, readonly number[]> {
  const shapes = layerShapes(network);
  const outputs = new Map<string, readonly number[]>();
  const weight = (layer: Layer, role: string): Float32Array => getWeight(weights, `${layer.name}/${role}`).values;
  const shapeOf = (name = ''): readonly number[] => shapes.get(name) ?? [];

  for (const layer of network.layers) {
    const [input = [], other = []] = layer.inputs.map((name) => outputs.get(name) ?? []);
    const inputShape = shapeOf(layer.inputs[0]);
    const channels = inputShape.at(-1) ?? 0;
    outputs.set(layer.name, compute(layer));

    function compute(current: Layer): readonly number[] {
      switch (current.kind) {
        case 'input':
          return Array.from(image);
        case 'conv':
        case 'depthwise-conv':
          return convolve(current);
        case 'batch-norm': {
          const [gamma, beta] = [weight(current, 'gamma'), weight(current, 'beta')];
          const [mean, variance] = [weight(current, 'moving_mean'), weight(current, 'moving_variance')];
          return input.map((value, index) => {
            const at = index % channels;
            const normal = (value - at0(mean, at)) / Math.sqrt(at0(variance, at) + current.epsilon);
            return normal * at0(gamma, at) + at0(beta, at);
          });
        }
        case 'relu':
          return input.map((value) => Math.min(Math.max(value, 0), current.maxValue ?? Infinity));
        case 'activation': {
          const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
          const curves = { sigmoid, tanh: Math.tanh, swish: (value: number) => value * sigmoid(value) };
          return input.map(curves[current.function]);
        }
        case 'multiply':
          return multiply();
        case 'concatenate':
          return concatenate(current);
        case 'max-pooling':
        case 'average-pooling':
          return pool(current);
        case 'zero-padding': {
          const [height = 0, width = 0] = inputShape;
          const [outHeight = 0, outWidth = 0] = shapeOf(current.name);
          const [[top], [left]] = current.margins;
          return pixels(outHeight, outWidth, channels, (y, x, channel) => {
            const [row, column] = [y - top, x - left];
            const isInside = row >= 0 && row < height && column >= 0 && column < width;
            return isInside ? at0(input, (row * width + column) * channels + channel) : 0;
          });
        }
        case 'reshape':
          return input;
        case 'rescaling':
          return input.map((value) => value * current.scale + current.offset);
        case 'add':
          return input.map((value, index) => value + at0(other, index));
        case 'global-average-pooling': {
          const pixels = input.length / channels;
          return Array.from({ length: channels }, (_, channel) =>
            input.reduce((sum, value, index) => sum + (index % channels === channel ? value / pixels : 0), 0),
          );
        }
        case 'dropout':
          return input;
        case 'dense': {
          const kernel = weight(current, 'kernel');
          const logits = Array.from({ length: current.units }, (_, unit) =>
            input.reduce(
              (sum, value, index) => sum + value * at0(kernel, index * current.units + unit),
              current.hasBias ? at0(weight(current, 'bias'), unit) : 0,
            ),
          );
          if (current.activation === 'linear') return logits;
          const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
          const total = powers.reduce((sum, power) => sum + power, 0);
          return powers.map((power) => power / total);
        }
      }
    }

    function multiply(): readonly number[] {
      const [small, large] = input.length < other.length ? [input, other] : [other, input];
      return large.map((value, index) => value * at0(small, index % small.length));
    }

    function concatenate({ inputs }: Layer): readonly number[] {
      const parts = inputs.map((name) => ({ values: outputs.get(name) ?? [], size: shapeOf(name).at(-1) ?? 1 }));
      const count = (parts[0]?.values.length ?? 0) / (parts[0]?.size ?? 1);
      return Array.from({ length: count }, (_, pixel) =>
        parts.flatMap(({ values, size }) => values.slice(pixel * size, (pixel + 1) * size)),
      ).flat();
    }

    function pool(current: PoolingLayer): readonly number[] {
      const [height = 0, width = 0] = inputShape;
      const [outHeight = 0, outWidth = 0] = shapeOf(current.name);
      const [top, left] = [paddingBefore(current, height, 0), paddingBefore(current, width, 1)];
      return pixels(outHeight, outWidth, channels, (y, x, channel) => {
        const seen: number[] = [];
        for (let row = 0; row < current.kernelSize[0]; row += 1) {
          for (let column = 0; column < current.kernelSize[1]; column += 1) {
            const sourceY = y * current.strides[0] + row - top;
            const sourceX = x * current.strides[1] + column - left;
            if (sourceY < 0 || sourceY >= height || sourceX < 0 || sourceX >= width) continue;
            seen.push(at0(input, (sourceY * width + sourceX) * channels + channel));
          }
        }
        return current.kind === 'max-pooling'
          ? Math.max(...seen)
          : seen.reduce((sum, value) => sum + value, 0) / seen.length;
      });
    }

    function convolve(current: ConvLayer | DepthwiseConvLayer): readonly number[] {
      const isDepthwise = current.kind === 'depthwise-conv';
      const kernel = weight(current, isDepthwise ? 'depthwise_kernel' : 'kernel');
      const [height = 0, width = 0] = inputShape;
      const [outHeight = 0, outWidth = 0, outChannels = 0] = shapeOf(current.name);
      const [kernelHeight, kernelWidth] = current.kernelSize;
      const before = [0, 1].map((axis) => paddingBefore(current, axis === 0 ? height : width, axis));
      const bias = current.hasBias ? weight(current, 'bias') : [];
      return Array.from({ length: outHeight * outWidth * outChannels }, (_, index) => {
        const to = index % outChannels;
        const x = Math.floor(index / outChannels) % outWidth;
        const y = Math.floor(index / outChannels / outWidth);
        let sum = at0(bias, to);
        for (let row = 0; row < kernelHeight; row += 1) {
          for (let column = 0; column < kernelWidth; column += 1) {
            const sourceY = y * current.strides[0] + row - at0(before, 0);
            const sourceX = x * current.strides[1] + column - at0(before, 1);
            if (sourceY < 0 || sourceY >= height || sourceX < 0 || sourceX >= width) continue;
            for (let from = isDepthwise ? to : 0; from < (isDepthwise ? to + 1 : channels); from += 1) {
              const place = (row * kernelWidth + column) * channels + from;
              const factor = at0(kernel, isDepthwise ? place : place * outChannels + to);
              sum += factor * at0(input, (sourceY * width + sourceX) * channels + from);
            }
          }
        }
        return sum;
      });
    }
  }
  return outputs;
}

/** TensorFlow's 'same': the odd row or column of zeros comes after. */
function paddingBefore({ padding, strides, kernelSize }: Omit<PoolingLayer, 'kind'>, size: number, axis: number) {
  if (padding === 'valid') return 0;
  const [stride = 1, kernel = 1] = [strides[axis], kernelSize[axis]];
  return Math.floor(Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size) / 2);
}

/** An image by its definition at every place, channels last. */
function pixels(
  height: number,
  width: number,
  channels: number,
  valueAt: (y: number, x: number, channel: number) => number,
): readonly number[] {
  return Array.from({ length: height * width * channels }, (_, index) =>
    valueAt(Math.floor(index / channels / width), Math.floor(index / channels) % width, index % channels),
  );
}

function at0(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
