import type { ConvLayer, DepthwiseConvLayer, Layer } from '../../src-main/network/layer.ts';
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
function paddingBefore({ padding, strides, kernelSize }: ConvLayer | DepthwiseConvLayer, size: number, axis: number) {
  if (padding === 'valid') return 0;
  const [stride = 1, kernel = 1] = [strides[axis], kernelSize[axis]];
  return Math.floor(Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size) / 2);
}

function at0(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
