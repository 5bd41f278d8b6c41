import type { Layer } from '../../src-main/network/layer.ts';
import type { WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { createNetwork, type Network } from '../../src-main/network/network.ts';
import { weightSpecs } from '../../src-main/network/parameters.ts';
import { sizeOfShape, type WeightArray } from '../../src-main/network/weights.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';

const square = (size: number) => [size, size] as const;

/** A network with every kind of layer: a stem, a residual block with a depthwise convolution, a norm on its own, and a head. */
export function tinyNetwork(options: { readonly hasDropout?: boolean } = {}): Network {
  const conv = (
    name: string,
    input: string,
    filters: number,
    kernel: number,
    stride: number,
    hasBias = false,
  ): Layer => {
    const shape = { kernelSize: square(kernel), strides: square(stride), padding: 'same', hasBias } as const;
    return { kind: 'conv', name, inputs: [input], filters, ...shape };
  };
  const norm = (name: string, input: string): Layer => {
    return { kind: 'batch-norm', name, inputs: [input], epsilon: 1e-3, momentum: 0.9 };
  };
  const relu = (name: string, input: string, maxValue: 6 | null = 6): Layer => ({
    kind: 'relu',
    name,
    inputs: [input],
    maxValue,
  });
  const stem = [conv('stem_conv', 'image', 4, 3, 2), norm('stem_bn', 'stem_conv'), relu('stem_relu6', 'stem_bn')];
  const depthwise: Layer = {
    ...{ kind: 'depthwise-conv', name: 'wise_conv', inputs: ['stem_relu6'], hasBias: true },
    ...{ kernelSize: square(3), strides: square(1), padding: 'same' },
  };
  const block: Layer[] = [
    depthwise,
    norm('wise_bn', 'wise_conv'),
    relu('wise_relu6', 'wise_bn'),
    conv('narrow_conv', 'wise_relu6', 4, 1, 1, true),
    norm('narrow_bn', 'narrow_conv'),
    { kind: 'add', name: 'sum', inputs: ['narrow_bn', 'stem_relu6'] },
    norm('sum_bn', 'sum'),
    relu('sum_relu', 'sum_bn', null),
  ];
  const dropout: Layer[] = options.hasDropout
    ? [{ kind: 'dropout', name: 'dropout', inputs: ['features'], rate: 0.5 }]
    : [];
  const head: Layer[] = [
    { kind: 'global-average-pooling', name: 'features', inputs: ['sum_relu'] },
    ...dropout,
    {
      ...{ kind: 'dense', name: 'classifier', inputs: [options.hasDropout ? 'dropout' : 'features'] },
      ...{ units: 3, hasBias: true, activation: 'softmax' },
    },
  ];
  const image: Layer = { kind: 'input', name: 'image', inputs: [], shape: [5, 6, 3] };
  const names = (layers: readonly Layer[]): string[] => layers.map(({ name }) => name);
  return createNetwork(
    'tiny',
    [image, ...stem, ...block, ...head],
    [
      { name: 'stem', layers: names(stem) },
      { name: 'block', layers: names(block) },
      { name: 'classifier', layers: names(head) },
    ],
  );
}

/** The network with numbers from a seed; variances are positive and every batch norm does something. */
export function withRandomWeights(network: Network, seed = 7): WeightedNetwork {
  const random = createRandom(seed);
  const weights = weightSpecs(network).map(({ name, role, shape }): [string, WeightArray] => {
    const center = role === 'gamma' || role === 'moving-variance' ? 1 : 0;
    const values = Float32Array.from({ length: sizeOfShape(shape) }, () => center + random.uniform(-0.6, 0.6));
    return [name, { shape, values }];
  });
  return { network, weights: new Map(weights) };
}
