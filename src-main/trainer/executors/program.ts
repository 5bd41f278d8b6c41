import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type {
  ActivationLayer,
  BatchNormLayer,
  ConcatenateLayer,
  ConvLayer,
  DenseLayer,
  DepthwiseConvLayer,
  DropoutLayer,
  GlobalAveragePoolingLayer,
  Layer,
  LayerName,
  MultiplyLayer,
  PoolingLayer,
  ReluLayer,
  RescalingLayer,
  ReshapeLayer,
  ZeroPaddingLayer,
} from '../../network/layer.ts';
import type { Network } from '../../network/network.ts';
import { layersBetween } from '../../network/split.ts';

interface InstructionBase {
  readonly inputs: readonly LayerName[];
  /** The layer whose output this instruction computes; with fused layers the last of them. */
  readonly output: LayerName;
}

/** A convolution with the batch norm and the activation that follow it, where nothing else looks at what lies between. */
export interface ConvolutionInstruction extends InstructionBase {
  readonly kind: 'convolution';
  readonly layer: ConvLayer | DepthwiseConvLayer;
  readonly batchNorm: BatchNormLayer | undefined;
  readonly activation: ReluLayer | undefined;
}

/** Layers without weights that nothing is fused with. */
export type WeightlessLayer =
  ActivationLayer | MultiplyLayer | ConcatenateLayer | PoolingLayer | ZeroPaddingLayer | ReshapeLayer | RescalingLayer;

/** One step of running a network. */
export type Instruction =
  | ConvolutionInstruction
  | (InstructionBase & {
      readonly kind: 'batch-norm';
      readonly layer: BatchNormLayer;
      readonly activation: ReluLayer | undefined;
    })
  | (InstructionBase & { readonly kind: 'relu'; readonly layer: ReluLayer })
  | (InstructionBase & { readonly kind: 'add' })
  | (InstructionBase & { readonly kind: 'global-average-pooling'; readonly layer: GlobalAveragePoolingLayer })
  | (InstructionBase & { readonly kind: 'dropout'; readonly layer: DropoutLayer })
  | (InstructionBase & { readonly kind: 'dense'; readonly layer: DenseLayer })
  | (InstructionBase & { readonly kind: 'weightless'; readonly layer: WeightlessLayer });

/** The instructions that lead from one point of a network to a later one, in order. */
export function compileProgram(network: Network, from: LayerName, to: LayerName): readonly Instruction[] {
  const layers = layersBetween(network, from, to);
  const onlyConsumer = onlyConsumers(layers, to);
  const fused = new Set<LayerName>();
  const follower = <Kind extends Layer['kind']>(
    name: LayerName,
    kind: Kind,
  ): Extract<Layer, { kind: Kind }> | undefined => {
    const next = onlyConsumer.get(name);
    if (!next || !hasKind(next, kind)) return undefined;
    fused.add(next.name);
    return next;
  };
  const instructions: Instruction[] = [];
  for (const layer of layers) {
    if (fused.has(layer.name)) continue;
    instructions.push(toInstruction(layer, follower));
  }
  return instructions;
}

type FindFollower = <Kind extends Layer['kind']>(
  name: LayerName,
  kind: Kind,
) => Extract<Layer, { kind: Kind }> | undefined;

function toInstruction(layer: Layer, follower: FindFollower): Instruction {
  const base = { inputs: layer.inputs, output: layer.name };
  switch (layer.kind) {
    case 'conv':
    case 'depthwise-conv': {
      const batchNorm = follower(layer.name, 'batch-norm');
      const activation = follower(batchNorm?.name ?? layer.name, 'relu');
      const output = activation?.name ?? batchNorm?.name ?? layer.name;
      return { kind: 'convolution', inputs: layer.inputs, output, layer, batchNorm, activation };
    }
    case 'batch-norm': {
      const activation = follower(layer.name, 'relu');
      return { kind: 'batch-norm', inputs: layer.inputs, output: activation?.name ?? layer.name, layer, activation };
    }
    case 'relu':
      return { kind: 'relu', ...base, layer };
    case 'add':
      return { kind: 'add', ...base };
    case 'global-average-pooling':
      return { kind: 'global-average-pooling', ...base, layer };
    case 'dropout':
      return { kind: 'dropout', ...base, layer };
    case 'dense':
      return { kind: 'dense', ...base, layer };
    case 'activation':
    case 'multiply':
    case 'concatenate':
    case 'max-pooling':
    case 'average-pooling':
    case 'zero-padding':
    case 'reshape':
    case 'rescaling':
      return { kind: 'weightless', ...base, layer };
    case 'input':
      throw new Error(`The input layer ${layer.name} lies in the middle of a network`);
    default:
      return assertNever(layer, 'layer');
  }
}

/** For each layer whose output has exactly one taker, and is not wanted itself, that taker. */
function onlyConsumers(layers: readonly Layer[], wanted: LayerName): ReadonlyMap<LayerName, Layer> {
  const takers = new Map<LayerName, Layer[]>();
  for (const layer of layers) {
    for (const input of layer.inputs) takers.set(input, [...(takers.get(input) ?? []), layer]);
  }
  const only = new Map<LayerName, Layer>();
  for (const [name, consumers] of takers) {
    const [first] = consumers;
    if (first && consumers.length === 1 && name !== wanted) only.set(name, first);
  }
  return only;
}

function hasKind<Kind extends Layer['kind']>(layer: Layer, kind: Kind): layer is Extract<Layer, { kind: Kind }> {
  return layer.kind === kind;
}
