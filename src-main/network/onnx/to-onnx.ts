import { foldBatchNorm } from '../fold-batch-norm.ts';
import type { ConvLayer, DepthwiseConvLayer, Layer, LayerName } from '../layer.ts';
import type { WeightedNetwork } from '../layers-model.ts';
import { inputLayer, outputLayer } from '../network.ts';
import { layerShapes } from '../shapes.ts';
import { getWeight } from '../weights.ts';
import { node, paddings, valueName, type GraphPart } from './graph-part.ts';
import { encodeOnnxModel, type OnnxConstant, type OnnxGraph, type OnnxNode } from './onnx-model.ts';
import { plainPart } from './plain-parts.ts';

/** Names of the one input and the one output of every model that is written here. */
export const onnxInputName = 'input';
export const onnxOutputName = 'output';

/**
 * A network for evaluation as the bytes of an .onnx file, batch norm folded into the convolutions before it.
 *
 * Input and output are channels last, as everywhere in Graft; inside, the graph is channels first, as ONNX defines convolutions.
 */
export function toOnnx(model: WeightedNetwork): Uint8Array {
  return encodeOnnxModel(toGraph(foldBatchNorm(model)));
}

function toGraph(model: WeightedNetwork): OnnxGraph {
  const { network } = model;
  const shapes = layerShapes(network);
  const [first, last] = [inputLayer(network), outputLayer(network)];
  const outputShape = shapes.get(last.name) ?? [];
  const shapeOf = (name: LayerName): readonly number[] => shapes.get(name) ?? [];
  const parts = network.layers.map((layer) => layerPart(layer, model, shapeOf));
  const rearrange = (permutation: readonly number[], from: string, to: string, shape: readonly number[]): OnnxNode =>
    shape.length === 3
      ? { operator: 'Transpose', inputs: [from], output: to, attributes: { perm: permutation } }
      : { operator: 'Identity', inputs: [from], output: to };
  return {
    name: network.name,
    nodes: [
      rearrange([0, 3, 1, 2], onnxInputName, valueName(first.name), first.shape),
      ...parts.flatMap(({ nodes }) => nodes),
      rearrange([0, 2, 3, 1], valueName(last.name), onnxOutputName, outputShape),
    ],
    constants: parts.flatMap(({ constants }) => constants),
    inputs: [{ name: onnxInputName, shape: ['batch', ...first.shape] }],
    outputs: [{ name: onnxOutputName, shape: ['batch', ...outputShape] }],
  };
}

function layerPart(layer: Layer, model: WeightedNetwork, shapeOf: (name: LayerName) => readonly number[]): GraphPart {
  const { name, inputs } = layer;
  switch (layer.kind) {
    case 'input':
      return { nodes: [], constants: [] };
    case 'conv':
    case 'depthwise-conv':
      return convolutionPart(layer, model, shapeOf(inputs[0] ?? ''));
    case 'batch-norm': {
      const constants = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((role) =>
        weightConstant(model, `${name}/${role}`),
      );
      const attributes = { epsilon: { float: layer.epsilon } };
      return { nodes: [node('BatchNormalization', layer, constants, attributes)], constants };
    }
    case 'dense':
      return densePart(layer, model);
    default:
      return plainPart(layer, shapeOf);
  }
}

function convolutionPart(
  layer: ConvLayer | DepthwiseConvLayer,
  model: WeightedNetwork,
  inputShape: readonly number[],
): GraphPart {
  const isDepthwise = layer.kind === 'depthwise-conv';
  const kernel = weightConstant(model, `${layer.name}/${isDepthwise ? 'depthwise_kernel' : 'kernel'}`);
  const [height = 1, width = 1, input = 1, output = 1] = kernel.shape;
  // [height, width, in, out] → [out, in, height, width]; a depthwise kernel has one input a group: [channels, 1, height, width].
  const values = transposeMatrix(kernel.values, height * width, input * output);
  const filters = isDepthwise
    ? { ...kernel, shape: [input, 1, height, width], values }
    : {
        ...kernel,
        shape: [output, input, height, width],
        values: swapOuterAxes(values, { input, output, area: height * width }),
      };
  const constants = [filters, ...(layer.hasBias ? [weightConstant(model, `${layer.name}/bias`)] : [])];
  const attributes = {
    kernel_shape: layer.kernelSize,
    strides: layer.strides,
    pads: paddings(layer, inputShape),
    group: isDepthwise ? input : 1,
  };
  return { nodes: [node('Conv', layer, constants, attributes)], constants };
}

function densePart(layer: Extract<Layer, { kind: 'dense' }>, model: WeightedNetwork): GraphPart {
  const roles = layer.hasBias ? ['kernel', 'bias'] : ['kernel'];
  const constants = roles.map((role) => weightConstant(model, `${layer.name}/${role}`));
  const product = node('Gemm', layer, constants);
  if (layer.activation === 'linear') return { nodes: [product], constants };
  const logits = `${layer.name}/logits`;
  const softmax = { ...node('Softmax', layer, [], { axis: 1 }), inputs: [logits] };
  return { nodes: [{ ...product, output: logits }, softmax], constants };
}

function weightConstant({ weights }: WeightedNetwork, name: string): OnnxConstant {
  return { name, ...getWeight(weights, name) };
}

/** [rows, columns] → [columns, rows]. */
function transposeMatrix(values: Float32Array, rows: number, columns: number): Float32Array {
  const transposed = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      transposed[column * rows + row] = values[row * columns + column] ?? 0;
    }
  }
  return transposed;
}

/** [input, output, area] → [output, input, area]. */
function swapOuterAxes(
  values: Float32Array,
  { input, output, area }: { readonly input: number; readonly output: number; readonly area: number },
): Float32Array {
  const swapped = new Float32Array(values.length);
  for (let from = 0; from < input; from += 1) {
    for (let to = 0; to < output; to += 1) {
      const start = (from * output + to) * area;
      swapped.set(values.subarray(start, start + area), (to * input + from) * area);
    }
  }
  return swapped;
}
