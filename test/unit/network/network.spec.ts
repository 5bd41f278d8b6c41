import { describe, expect, it } from 'vitest';
import { attachHead } from '../../../src-main/network/attach-head.ts';
import { foldBatchNorm } from '../../../src-main/network/fold-batch-norm.ts';
import type { Layer } from '../../../src-main/network/layer.ts';
import { createNetwork, inputLayer, outputLayer } from '../../../src-main/network/network.ts';
import { checkWeights, countParameters, trainableWeights } from '../../../src-main/network/parameters.ts';
import { layerShapes } from '../../../src-main/network/shapes.ts';
import { cutStretch, layersBetween, stageOutput } from '../../../src-main/network/split.ts';
import { tinyNetwork, withRandomWeights } from '../../support/tiny-networks.ts';

const network = tinyNetwork();

describe('Network', () => {
  it('orders layers from input to output, however they come', () => {
    const shuffled = createNetwork('tiny', network.layers.toReversed(), network.stages);
    expect(inputLayer(shuffled).name).toBe('image');
    expect(outputLayer(shuffled).name).toBe('classifier');
    const position = new Map(shuffled.layers.map(({ name }, index) => [name, index]));
    for (const { name, inputs } of shuffled.layers) {
      for (const input of inputs) expect(position.get(input)).toBeLessThan(position.get(name) ?? 0);
    }
  });

  it('refuses circles, and layers without a stage', () => {
    const turn = (layer: Layer): Layer => (layer.name === 'stem_conv' ? { ...layer, inputs: ['sum_relu'] } : layer);
    expect(() => createNetwork('circle', network.layers.map(turn), network.stages)).toThrow(/wait for each other/);
    expect(() => createNetwork('unstaged', network.layers, network.stages.slice(1))).toThrow(/exactly one stage/);
  });

  it('knows the shape at every layer', () => {
    const shapes = layerShapes(network);
    expect(['image', 'stem_relu6', 'sum', 'features', 'classifier'].map((name) => shapes.get(name))).toEqual([
      [5, 6, 3],
      [3, 3, 4],
      [3, 3, 4],
      [4],
      [3],
    ]);
  });

  it('counts parameters by stage', () => {
    // Stem: 3·3·3·4 + four per channel of norm. Classifier: 4·3 + 3.
    expect(countParameters(network, 'stem')).toEqual({ total: 108 + 16, learnable: 108 + 8 });
    expect(countParameters(network, 'classifier')).toEqual({ total: 15, learnable: 15 });
    const stages = network.stages.map(({ name }) => countParameters(network, name).total);
    expect(countParameters(network).total).toBe(stages.reduce((sum, count) => sum + count, 0));
  });

  it('names what learns from a stage up', () => {
    expect([...trainableWeights(network, { fromStage: 'classifier', batchNorm: 'frozen' })]).toEqual([
      'classifier/kernel',
      'classifier/bias',
    ]);
    const trained = trainableWeights(network, { fromStage: 'block', batchNorm: 'trained' });
    const frozen = trainableWeights(network, { fromStage: 'block', batchNorm: 'frozen' });
    expect([...trained].filter((name) => !frozen.has(name))).toEqual([
      'wise_bn/gamma',
      'wise_bn/beta',
      'narrow_bn/gamma',
      'narrow_bn/beta',
      'sum_bn/gamma',
      'sum_bn/beta',
    ]);
  });
});

describe('splitting a network', () => {
  it('cuts after a stage; both halves are whole networks', () => {
    const end = stageOutput(network, 'stem');
    const prefix = cutStretch(network, 'image', end);
    const suffix = cutStretch(network, end, 'classifier');
    expect(outputLayer(prefix).name).toBe('stem_relu6');
    expect(inputLayer(suffix)).toEqual({ kind: 'input', name: 'stem_relu6', inputs: [], shape: [3, 3, 4] });
    expect(prefix.layers.length + suffix.layers.length).toBe(network.layers.length + 1);
  });

  it('refuses a point that paths go round', () => {
    expect(() => layersBetween(network, 'narrow_bn', 'classifier')).toThrow(/does not follow from narrow_bn alone/);
  });
});

describe('attachHead', () => {
  const backbone = withRandomWeights(cutStretch(network, 'image', 'sum_relu'));

  it('gives the same head for the same seed, within Glorot’s bounds, and keeps the backbone', () => {
    const model = attachHead(backbone, { classCount: 5, seed: 3, dropoutRate: 0.2 });
    checkWeights(model.network, model.weights);
    expect(model).toEqual(attachHead(backbone, { classCount: 5, seed: 3, dropoutRate: 0.2 }));
    const kernel = model.weights.get('classifier/kernel')?.values ?? new Float32Array();
    expect(kernel).not.toEqual(
      attachHead(backbone, { classCount: 5, seed: 4 }).weights.get('classifier/kernel')?.values,
    );
    const limit = Math.sqrt(6 / (4 + 5));
    const largest = Math.max(...kernel.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(limit);
    expect(largest).toBeGreaterThan(limit / 2);
    expect(model.weights.get('classifier/bias')?.values).toEqual(new Float32Array(5));
    expect(model.network.stages.at(-1)).toEqual({ name: 'classifier', layers: ['features', 'dropout', 'classifier'] });
  });
});

describe('foldBatchNorm', () => {
  it('removes the norms that follow convolutions and keeps the one that does not', () => {
    const folded = foldBatchNorm(withRandomWeights(network));
    checkWeights(folded.network, folded.weights);
    expect(folded.network.layers.filter(({ kind }) => kind === 'batch-norm').map(({ name }) => name)).toEqual([
      'sum_bn',
    ]);
  });
});
