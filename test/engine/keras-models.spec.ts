import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputLayer, outputLayer } from '../../src-main/network/network.ts';
import { shapeAt } from '../../src-main/network/shapes.ts';
import { inferenceEngines } from '../support/engine.ts';
import { kerasModels, readKerasCase } from '../support/keras-models.ts';

const models = ['residual', 'dense', 'gated', 'mobilenet-v3-small-0.25'];

describe.each(Object.entries(inferenceEngines))('models of Keras on %s', (_name, open) => {
  it.each(models)('%s computes what Keras does, to 1e-4', async (name) => {
    const { backbone, image, shape, output } = await readKerasCase(path.join(kerasModels, name));
    const { network } = backbone.model;
    const executor = await open(backbone.model);
    const [from, to] = [inputLayer(network).name, outputLayer(network).name];
    const actual = await executor.infer({ from, to, count: 1, values: image });
    expect(shapeAt(network, to)).toEqual(shape);
    const difference = Math.max(...output.map((value, index) => Math.abs(value - (actual[index] ?? NaN))));
    expect(difference).toBeLessThan(1e-4);
    executor.dispose();
  });
});
