import { createRandom, type Random } from '../../src-shared/lib/seeded-random.ts';
import type { ClassProbabilities } from './classifier.ts';
import type { Layer } from './layer.ts';
import type { WeightedNetwork } from './layers-model.ts';
import { createNetwork, outputLayer, type Network } from './network.ts';
import { shapeAt } from './shapes.ts';
import type { WeightArray } from './weights.ts';

/** The point between backbone and head: pooled features, one vector an image. */
export const featuresLayerName = 'features';
/** The dense layer of the head. */
const classifierLayerName = 'classifier';
/** What makes probabilities of each class for itself; the softmax of the other kind of head is part of its dense layer. */
const sigmoidLayerName = 'probabilities';
/** The stage that is the head. */
export const headStageName = 'classifier';

export interface HeadOptions {
  readonly classCount: number;
  readonly seed: number | string;
  /** Share of the features that is dropped in training; no dropout layer when 0 or left out. */
  readonly dropoutRate?: number;
  /** One class a picture when left out. */
  readonly probabilities?: ClassProbabilities;
}

/** A new head on a backbone: global average pooling → [dropout] → dense softmax, or dense → sigmoid; Glorot-uniform kernel from the seed, zero biases. */
export function attachHead(backbone: WeightedNetwork, options: HeadOptions): WeightedNetwork {
  const { classCount, seed, dropoutRate = 0, probabilities = 'softmax' } = options;
  const end = outputLayer(backbone.network);
  const featureCount = shapeAt(backbone.network, end.name).at(-1) ?? 0;
  const pool: Layer = { kind: 'global-average-pooling', name: featuresLayerName, inputs: [end.name] };
  const dropout: Layer = { kind: 'dropout', name: 'dropout', inputs: [pool.name], rate: dropoutRate };
  const before = dropoutRate > 0 ? [pool, dropout] : [pool];
  const input = before.at(-1)?.name ?? pool.name;
  const dense: Layer = {
    kind: 'dense',
    name: classifierLayerName,
    inputs: [input],
    units: classCount,
    hasBias: true,
    activation: probabilities === 'softmax' ? 'softmax' : 'linear',
  };
  const sigmoid: Layer = { kind: 'activation', name: sigmoidLayerName, inputs: [dense.name], function: 'sigmoid' };
  const head = [...before, dense, ...(probabilities === 'sigmoid' ? [sigmoid] : [])];
  const weights = new Map(backbone.weights)
    .set(`${classifierLayerName}/kernel`, glorotUniform([featureCount, classCount], createRandom(seed)))
    .set(`${classifierLayerName}/bias`, { shape: [classCount], values: new Float32Array(classCount) });
  return { network: extend(backbone.network, head), weights };
}

function extend(network: Network, layers: readonly Layer[]): Network {
  const stage = { name: headStageName, layers: layers.map((layer) => layer.name) };
  return createNetwork(network.name, [...network.layers, ...layers], [...network.stages, stage]);
}

/** Uniform in ±sqrt(6 / (fan in + fan out)), Glorot and Bengio 2010, equation 16. */
function glorotUniform(shape: readonly [number, number], random: Random): WeightArray {
  const limit = Math.sqrt(6 / (shape[0] + shape[1]));
  return { shape, values: Float32Array.from({ length: shape[0] * shape[1] }, () => random.uniform(-limit, limit)) };
}
