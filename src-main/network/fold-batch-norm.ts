import type { BatchNormLayer, ConvLayer, DepthwiseConvLayer, Layer, LayerName } from './layer.ts';
import type { WeightedNetwork } from './layers-model.ts';
import { consumersOf, createNetwork, type Network } from './network.ts';
import { getWeight, type NetworkWeights, type WeightArray } from './weights.ts';

/** A convolution whose only consumer is a batch norm: in evaluation the two are one convolution with a bias. */
export interface FoldablePair {
  readonly convolution: ConvLayer | DepthwiseConvLayer;
  readonly batchNorm: BatchNormLayer;
}

/** All pairs that can be folded, in topological order. */
export function foldablePairs(network: Network): readonly FoldablePair[] {
  const consumers = consumersOf(network);
  return network.layers.flatMap((layer) => {
    if (layer.kind !== 'conv' && layer.kind !== 'depthwise-conv') return [];
    const following = consumers.get(layer.name) ?? [];
    const next = following[0];
    return following.length === 1 && next?.kind === 'batch-norm' ? [{ convolution: layer, batchNorm: next }] : [];
  });
}

/** The affine map of a batch norm in evaluation: y = x · scale + shift, one number each per channel. */
export interface AffineMap {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** scale = γ / √(variance + ε), shift = β − mean · scale. */
export function batchNormAsAffine(layer: BatchNormLayer, weights: NetworkWeights): AffineMap {
  const part = (name: string): Float32Array => getWeight(weights, `${layer.name}/${name}`).values;
  const [gamma, beta, mean, variance] = [part('gamma'), part('beta'), part('moving_mean'), part('moving_variance')];
  const scale = gamma.map((value, channel) => value / Math.sqrt((variance[channel] ?? 0) + layer.epsilon));
  const shift = beta.map((value, channel) => value - (mean[channel] ?? 0) * (scale[channel] ?? 0));
  return { scale, shift };
}

/** The same network for evaluation without the batch norms that follow a convolution; those convolutions get a bias instead. */
export function foldBatchNorm({ network, weights }: WeightedNetwork): WeightedNetwork {
  const pairs = foldablePairs(network);
  const pairOf = new Map(pairs.map((pair) => [pair.convolution.name, pair]));
  const replacement = new Map<LayerName, LayerName>(pairs.map((pair) => [pair.batchNorm.name, pair.convolution.name]));
  const layers = network.layers
    .filter((layer) => !replacement.has(layer.name))
    .map((layer): Layer => {
      const inputs = layer.inputs.map((input) => replacement.get(input) ?? input);
      const isFolded = pairOf.has(layer.name) && (layer.kind === 'conv' || layer.kind === 'depthwise-conv');
      return isFolded ? { ...layer, inputs, hasBias: true } : { ...layer, inputs };
    });
  const stages = network.stages.map((stage) => ({
    ...stage,
    layers: stage.layers.filter((name) => !replacement.has(name)),
  }));
  const folded = new Map(weights);
  for (const pair of pairs) foldPair(pair, weights, folded);
  return { network: createNetwork(network.name, layers, stages), weights: folded };
}

function foldPair(
  { convolution, batchNorm }: FoldablePair,
  weights: NetworkWeights,
  folded: Map<string, WeightArray>,
): void {
  const { scale, shift } = batchNormAsAffine(batchNorm, weights);
  const kernelName = `${convolution.name}/${convolution.kind === 'conv' ? 'kernel' : 'depthwise_kernel'}`;
  const kernel = getWeight(weights, kernelName);
  const channels = scale.length;
  const bias = weights.get(`${convolution.name}/bias`)?.values;
  // In both kernel layouts ([…, in, out] and […, channels, 1]) the output channel runs fastest.
  folded.set(kernelName, {
    shape: kernel.shape,
    values: kernel.values.map((value, index) => value * (scale[index % channels] ?? 0)),
  });
  const values = shift.map((value, channel) => value + (bias?.[channel] ?? 0) * (scale[channel] ?? 0));
  folded.set(`${convolution.name}/bias`, { shape: [channels], values });
  for (const role of ['gamma', 'beta', 'moving_mean', 'moving_variance']) folded.delete(`${batchNorm.name}/${role}`);
}
