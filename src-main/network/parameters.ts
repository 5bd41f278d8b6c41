import { assertNever } from '../../src-shared/lib/assert-never.ts';
import type { Layer, LayerName } from './layer.ts';
import { getStage, type Network } from './network.ts';
import { layerShapes } from './shapes.ts';
import { sizeOfShape, type NetworkWeights, type WeightName } from './weights.ts';

/** What a weight does in its layer. */
export type WeightRole = 'kernel' | 'bias' | 'gamma' | 'beta' | 'moving-mean' | 'moving-variance';

/** One weight array that a network needs. */
export interface WeightSpec {
  readonly name: WeightName;
  readonly layer: LayerName;
  readonly role: WeightRole;
  readonly shape: readonly number[];
  /** False for batch norm's running statistics, which are measured and not learned. */
  readonly isLearnable: boolean;
}

/** The weights of a network in the order of its layers and, inside a layer, in the order of Keras. */
export function weightSpecs(network: Network): readonly WeightSpec[] {
  const shapes = layerShapes(network);
  return network.layers.flatMap((layer) => {
    const input = shapes.get(layer.inputs[0] ?? '') ?? [];
    return specsOfLayer(layer, input.at(-1) ?? 0);
  });
}

/** How many numbers a stage or a network has. */
export interface ParameterCount {
  readonly total: number;
  /** Without the running statistics of batch norm. */
  readonly learnable: number;
}

/** Counts the parameters of a whole network, or of one of its stages. */
export function countParameters(network: Network, stageName?: string): ParameterCount {
  const layers = stageName === undefined ? undefined : new Set(getStage(network, stageName).layers);
  const specs = weightSpecs(network).filter(({ layer }) => layers === undefined || layers.has(layer));
  const count = (chosen: readonly WeightSpec[]): number =>
    chosen.reduce((sum, { shape }) => sum + sizeOfShape(shape), 0);
  return { total: count(specs), learnable: count(specs.filter(({ isLearnable }) => isLearnable)) };
}

export interface TrainableChoice {
  /** This stage and all after it learn. */
  readonly fromStage: string;
  /** 'frozen' leaves out gamma and beta too. */
  readonly batchNorm: 'frozen' | 'trained';
}

/** Names of the weights that learn when everything from a stage up is trained. */
export function trainableWeights(network: Network, choice: TrainableChoice): ReadonlySet<WeightName> {
  const first = network.stages.indexOf(getStage(network, choice.fromStage));
  const layers = new Set(network.stages.slice(first).flatMap((stage) => stage.layers));
  const isChosen = ({ layer, role, isLearnable }: WeightSpec): boolean =>
    layers.has(layer) && isLearnable && (choice.batchNorm === 'trained' || (role !== 'gamma' && role !== 'beta'));
  return new Set(
    weightSpecs(network)
      .filter(isChosen)
      .map(({ name }) => name),
  );
}

/** Throws a plain error unless the weights are exactly those of the network, with the right shapes. */
export function checkWeights(network: Network, weights: NetworkWeights): void {
  const specs = weightSpecs(network);
  for (const { name, shape } of specs) {
    const weight = weights.get(name);
    if (!weight) throw new Error(`${network.name} needs the weight ${name}, which is not there`);
    if (weight.shape.join() !== shape.join() || weight.values.length !== sizeOfShape(shape)) {
      throw new Error(`Expected ${name} with shape [${shape.join()}], received [${weight.shape.join()}]`);
    }
  }
  if (weights.size !== specs.length)
    throw new Error(`${network.name} needs ${specs.length} weights, received ${weights.size}`);
}

function specsOfLayer(layer: Layer, channels: number): readonly WeightSpec[] {
  const spec = (suffix: string, role: WeightRole, shape: readonly number[], isLearnable = true): WeightSpec => {
    return { name: `${layer.name}/${suffix}`, layer: layer.name, role, shape, isLearnable };
  };
  switch (layer.kind) {
    case 'conv':
      return [
        spec('kernel', 'kernel', [...layer.kernelSize, channels, layer.filters]),
        ...bias(layer.hasBias, layer.filters),
      ];
    case 'depthwise-conv':
      return [spec('depthwise_kernel', 'kernel', [...layer.kernelSize, channels, 1]), ...bias(layer.hasBias, channels)];
    case 'dense':
      return [spec('kernel', 'kernel', [channels, layer.units]), ...bias(layer.hasBias, layer.units)];
    case 'batch-norm':
      return [
        spec('gamma', 'gamma', [channels]),
        spec('beta', 'beta', [channels]),
        spec('moving_mean', 'moving-mean', [channels], false),
        spec('moving_variance', 'moving-variance', [channels], false),
      ];
    case 'input':
    case 'relu':
    case 'activation':
    case 'add':
    case 'multiply':
    case 'concatenate':
    case 'max-pooling':
    case 'average-pooling':
    case 'zero-padding':
    case 'reshape':
    case 'rescaling':
    case 'global-average-pooling':
    case 'dropout':
      return [];
    default:
      return assertNever(layer, 'layer');
  }

  function bias(hasBias: boolean, size: number): readonly WeightSpec[] {
    return hasBias ? [spec('bias', 'bias', [size])] : [];
  }
}
