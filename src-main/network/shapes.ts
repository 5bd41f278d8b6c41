import { assertNever } from '../../src-shared/lib/assert-never.ts';
import type { Extent, Layer, LayerName, Padding, ReshapeLayer } from './layer.ts';
import type { Network } from './network.ts';
import { sizeOfShape } from './weights.ts';

/** Output shape of every layer without the batch, channels last. Throws a plain error where shapes do not fit together. */
export function layerShapes(network: Network): ReadonlyMap<LayerName, readonly number[]> {
  const shapes = new Map<LayerName, readonly number[]>();
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((input) => shapes.get(input) ?? []);
    shapes.set(layer.name, outputShape(layer, inputs));
  }
  return shapes;
}

/** The shape of one layer's output; throws when there is no such layer. */
export function shapeAt(network: Network, name: LayerName): readonly number[] {
  const shape = layerShapes(network).get(name);
  if (!shape) throw new Error(`No layer ${name} in ${network.name}`);
  return shape;
}

function outputShape(layer: Layer, inputs: readonly (readonly number[])[]): readonly number[] {
  const input = inputs[0] ?? [];
  switch (layer.kind) {
    case 'input':
      return layer.shape;
    case 'conv':
      return [...slide(layer, input, layer), layer.filters];
    case 'depthwise-conv':
      return [...slide(layer, input, layer), input[2] ?? 0];
    case 'global-average-pooling':
      expectRank(layer, input, 3);
      return [input[2] ?? 0];
    case 'dense':
      expectRank(layer, input, 1);
      return [layer.units];
    case 'add':
      return sumShape(layer, inputs);
    case 'multiply':
      return productShape(layer, inputs);
    case 'concatenate':
      return joinedShape(layer, inputs);
    case 'max-pooling':
    case 'average-pooling':
      return [...slide(layer, input, layer), input[2] ?? 0];
    case 'zero-padding': {
      expectRank(layer, input, 3);
      const [height = 0, width = 0, channels = 0] = input;
      const [[top, bottom], [left, right]] = layer.margins;
      return [top + height + bottom, left + width + right, channels];
    }
    case 'reshape':
      return reshaped(layer, input);
    case 'batch-norm':
    case 'relu':
    case 'activation':
    case 'rescaling':
    case 'dropout':
      return input;
    default:
      return assertNever(layer, 'layer');
  }
}

interface Sliding {
  readonly kernelSize: Extent;
  readonly strides: Extent;
  readonly padding: Padding;
}

function slide(layer: Layer, input: readonly number[], sliding: Sliding): readonly [number, number] {
  expectRank(layer, input, 3);
  const { kernelSize, strides, padding } = sliding;
  const along = (axis: 0 | 1): number => {
    const size = input[axis] ?? 0;
    return padding === 'same'
      ? Math.ceil(size / strides[axis])
      : Math.ceil((size - kernelSize[axis] + 1) / strides[axis]);
  };
  const size = [along(0), along(1)] as const;
  if (size[0] < 1 || size[1] < 1) throw new Error(`The input of ${layer.name} is smaller than its kernel`);
  return size;
}

function sumShape(layer: Layer, inputs: readonly (readonly number[])[]): readonly number[] {
  const [first, second] = inputs;
  if (inputs.length !== 2 || !first || !second || first.join() !== second.join()) {
    throw new Error(`Expected two equal shapes for ${layer.name}, received ${describe(inputs)}`);
  }
  return first;
}

function productShape(layer: Layer, inputs: readonly (readonly number[])[]): readonly number[] {
  const [first, second] = inputs;
  if (inputs.length === 2 && first && second && first.at(-1) === second.at(-1) && first.length === second.length) {
    if (first.join() === second.join() || isPixel(second)) return first;
    if (isPixel(first)) return second;
  }
  throw new Error(`Expected equal shapes or one pixel for ${layer.name}, received ${describe(inputs)}`);
}

function joinedShape(layer: Layer, inputs: readonly (readonly number[])[]): readonly number[] {
  const size = inputs[0]?.slice(0, -1) ?? [];
  if (inputs.length < 2 || inputs.some((shape) => shape.slice(0, -1).join() !== size.join())) {
    throw new Error(`Expected images of one size for ${layer.name}, received ${describe(inputs)}`);
  }
  return [...size, inputs.reduce((sum, shape) => sum + (shape.at(-1) ?? 0), 0)];
}

function reshaped(layer: ReshapeLayer, input: readonly number[]): readonly number[] {
  const channels = input.at(-1) ?? 0;
  if (sizeOfShape(input) !== channels) {
    throw new Error(`Expected a vector or one pixel for ${layer.name}, received ${describe([input])}`);
  }
  return layer.to === 'vector' ? [channels] : [1, 1, channels];
}

function isPixel(shape: readonly number[]): boolean {
  return shape.length === 3 && shape[0] === 1 && shape[1] === 1;
}

function describe(shapes: readonly (readonly number[])[]): string {
  return shapes.map((shape) => `[${shape.join()}]`).join(', ');
}

function expectRank(layer: Layer, shape: readonly number[], rank: number): void {
  if (shape.length !== rank)
    throw new Error(`Expected ${rank} dimensions into ${layer.name}, received [${shape.join()}]`);
}
