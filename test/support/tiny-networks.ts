import type { Layer } from '../../src-main/network/layer.ts';
import type { WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { createNetwork, type Network } from '../../src-main/network/network.ts';
import { weightSpecs } from '../../src-main/network/parameters.ts';
import { sizeOfShape, type WeightArray } from '../../src-main/network/weights.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';

const square = (size: number) => [size, size] as const;

/** The layers of an EfficientNet-Lite: a stem, a residual block with a depthwise convolution, a norm on its own, and a head. */
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

/** The layers that other families add: zero padding, windows, gates by squeeze and excitation, concatenation, curves, rescaling. */
export function tinyGatedNetwork(): Network {
  const window = { kernelSize: [3, 2], strides: [2, 2] } as const;
  const one = { kernelSize: square(1), strides: square(1), padding: 'same', hasBias: true } as const;
  const around = [
    [1, 0],
    [2, 1],
  ] as const;
  const stem: Layer[] = [
    { kind: 'rescaling', name: 'scaled', inputs: ['image'], scale: 0.5, offset: -0.25 },
    { kind: 'zero-padding', name: 'padded', inputs: ['scaled'], margins: around },
    {
      ...{ kind: 'conv', name: 'stem_conv', inputs: ['padded'], filters: 4, hasBias: false },
      ...{ kernelSize: square(2), strides: square(1), padding: 'valid' },
    },
    { kind: 'batch-norm', name: 'stem_bn', inputs: ['stem_conv'], epsilon: 1e-3, momentum: 0.9 },
    { kind: 'activation', name: 'stem_swish', inputs: ['stem_bn'], function: 'swish' },
  ];
  const gate: Layer[] = [
    { kind: 'global-average-pooling', name: 'squeeze', inputs: ['stem_swish'] },
    { kind: 'reshape', name: 'pixel', inputs: ['squeeze'], to: 'pixel' },
    { kind: 'conv', name: 'excite', inputs: ['pixel'], filters: 4, ...one },
    { kind: 'activation', name: 'gate', inputs: ['excite'], function: 'sigmoid' },
    { kind: 'multiply', name: 'gated', inputs: ['gate', 'stem_swish'] },
  ];
  const branches: Layer[] = [
    { kind: 'max-pooling', name: 'largest', inputs: ['gated'], ...window, padding: 'same' },
    { kind: 'average-pooling', name: 'mean', inputs: ['gated'], ...window, padding: 'same' },
    { kind: 'activation', name: 'curve', inputs: ['mean'], function: 'tanh' },
    { kind: 'multiply', name: 'product', inputs: ['largest', 'curve'] },
    { kind: 'concatenate', name: 'joined', inputs: ['largest', 'product', 'mean'] },
    { kind: 'batch-norm', name: 'joined_bn', inputs: ['joined'], epsilon: 1e-3, momentum: 0.9 },
    { kind: 'average-pooling', name: 'transition', inputs: ['joined_bn'], ...window, padding: 'valid' },
  ];
  const head: Layer[] = [
    { kind: 'global-average-pooling', name: 'pooled', inputs: ['transition'] },
    { kind: 'reshape', name: 'pooled_pixel', inputs: ['pooled'], to: 'pixel' },
    { kind: 'reshape', name: 'features', inputs: ['pooled_pixel'], to: 'vector' },
    { kind: 'dense', name: 'classifier', inputs: ['features'], units: 3, hasBias: true, activation: 'softmax' },
  ];
  const image: Layer = { kind: 'input', name: 'image', inputs: [], shape: [5, 6, 3] };
  const names = (layers: readonly Layer[]): string[] => layers.map(({ name }) => name);
  return createNetwork(
    'tiny-gated',
    [image, ...stem, ...gate, ...branches, ...head],
    [
      { name: 'stem', layers: names(stem) },
      { name: 'block', layers: names([...gate, ...branches]) },
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
