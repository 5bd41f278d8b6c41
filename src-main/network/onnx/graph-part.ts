import type { ConvLayer, DepthwiseConvLayer, Layer, LayerName, PoolingLayer } from '../layer.ts';
import type { OnnxConstant, OnnxNode } from './onnx-model.ts';

/** The nodes of a graph, and the constants that they name. */
export interface GraphPart {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

/** One operator for a layer: what comes into the layer, then the constants. */
export function node(
  operator: string,
  { name, inputs }: Layer,
  constants: readonly OnnxConstant[] = [],
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  const names = [...inputs.map(valueName), ...constants.map((constant) => constant.name)];
  return { operator, inputs: names, output: valueName(name), attributes };
}

/** What a layer computes, named so that no layer can be mistaken for the model's input or output. */
export function valueName(layer: LayerName): string {
  return `${layer}:0`;
}

/** A single number as a constant. */
export function numberConstant(name: string, value: number): OnnxConstant {
  return { name, shape: [], values: Float32Array.of(value) };
}

/** What a window adds around an image, in ONNX's order: top, left, bottom, right. */
export function paddings(
  { kernelSize, strides, padding }: ConvLayer | DepthwiseConvLayer | PoolingLayer,
  shape: readonly number[],
): number[] {
  if (padding === 'valid') return [0, 0, 0, 0];
  const total = ([0, 1] as const).map((axis) => {
    const size = shape[axis] ?? 0;
    return Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + kernelSize[axis] - size);
  });
  // TensorFlow's 'same' puts the odd row or column at the bottom and right.
  return [...total.map((sum) => Math.floor(sum / 2)), ...total.map((sum) => Math.ceil(sum / 2))];
}
