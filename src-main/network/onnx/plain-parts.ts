import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type {
  ActivationLayer,
  Layer,
  LayerName,
  PoolingLayer,
  ReluLayer,
  RescalingLayer,
  ZeroPaddingLayer,
} from '../layer.ts';
import { node, numberConstant, paddings, type GraphPart } from './graph-part.ts';

/** Layers that only pass on, combine or change values one by one; the others have weights or a meaning of their own. */
type PlainLayer = Exclude<Layer, { readonly kind: 'input' | 'conv' | 'depthwise-conv' | 'batch-norm' | 'dense' }>;

/** The nodes of a layer without weights. */
export function plainPart(layer: PlainLayer, shapeOf: (name: LayerName) => readonly number[]): GraphPart {
  switch (layer.kind) {
    case 'relu':
      return reluPart(layer);
    case 'add':
      return { nodes: [node('Add', layer)], constants: [] };
    case 'dropout':
      return { nodes: [node('Identity', layer)], constants: [] };
    case 'activation':
      return activationPart(layer);
    case 'multiply':
      return { nodes: [node('Mul', layer)], constants: [] };
    case 'concatenate':
      return { nodes: [node('Concat', layer, [], { axis: 1 })], constants: [] };
    case 'max-pooling':
    case 'average-pooling':
      return poolingPart(layer, shapeOf(layer.inputs[0] ?? ''));
    case 'zero-padding':
      return paddingPart(layer);
    case 'reshape': {
      // A zero keeps the input's extent.
      const pixel = [0, 0, 1, 1];
      return layer.to === 'vector'
        ? { nodes: [node('Flatten', layer, [], { axis: 1 })], constants: [] }
        : integerInputPart(layer, 'Reshape', pixel);
    }
    case 'rescaling':
      return rescalingPart(layer);
    case 'global-average-pooling': {
      const pooled = `${layer.name}/pooled`;
      return {
        nodes: [
          { ...node('GlobalAveragePool', layer), output: pooled },
          { ...node('Flatten', layer, [], { axis: 1 }), inputs: [pooled] },
        ],
        constants: [],
      };
    }
    default:
      return assertNever(layer, 'layer');
  }
}

function reluPart(layer: ReluLayer): GraphPart {
  if (layer.maxValue === null) return { nodes: [node('Relu', layer)], constants: [] };
  const constants = [numberConstant(`${layer.name}/min`, 0), numberConstant(`${layer.name}/max`, layer.maxValue)];
  return { nodes: [node('Clip', layer, constants)], constants };
}

function poolingPart(layer: PoolingLayer, inputShape: readonly number[]): GraphPart {
  const attributes = { kernel_shape: layer.kernelSize, strides: layer.strides, pads: paddings(layer, inputShape) };
  // ONNX leaves padding out of means unless told otherwise, as TensorFlow does.
  const operator = layer.kind === 'max-pooling' ? 'MaxPool' : 'AveragePool';
  return { nodes: [node(operator, layer, [], attributes)], constants: [] };
}

function activationPart(layer: ActivationLayer): GraphPart {
  if (layer.function === 'tanh') return { nodes: [node('Tanh', layer)], constants: [] };
  const sigmoid = node('Sigmoid', layer);
  if (layer.function === 'sigmoid') return { nodes: [sigmoid], constants: [] };
  const gate = `${layer.name}/gate`;
  const product = node('Mul', layer);
  return {
    nodes: [
      { ...sigmoid, output: gate },
      { ...product, inputs: [...product.inputs, gate] },
    ],
    constants: [],
  };
}

function paddingPart(layer: ZeroPaddingLayer): GraphPart {
  const [[top, bottom], [left, right]] = layer.margins;
  // First all beginnings, then all ends: count, channels, rows, columns.
  return integerInputPart(layer, 'Pad', [0, 0, top, left, 0, 0, bottom, right]);
}

/** An operator that wants whole numbers as its second input. */
function integerInputPart(layer: Layer, operator: string, values: readonly number[]): GraphPart {
  const integers = `${layer.name}/${operator}`;
  const main = node(operator, layer);
  return {
    nodes: [
      { operator: 'Constant', inputs: [], output: integers, attributes: { value_ints: values } },
      { ...main, inputs: [...main.inputs, integers] },
    ],
    constants: [],
  };
}

function rescalingPart(layer: RescalingLayer): GraphPart {
  const scale = numberConstant(`${layer.name}/scale`, layer.scale);
  const offset = numberConstant(`${layer.name}/offset`, layer.offset);
  const scaled = `${layer.name}/scaled`;
  return {
    nodes: [
      { ...node('Mul', layer, [scale]), output: scaled },
      { ...node('Add', layer, [offset]), inputs: [scaled, offset.name] },
    ],
    constants: [scale, offset],
  };
}
