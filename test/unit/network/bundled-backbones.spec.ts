import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readLayersModel } from '../../../src-main/network/layers-model.ts';
import { inputLayer, outputLayer } from '../../../src-main/network/network.ts';
import { countParameters } from '../../../src-main/network/parameters.ts';
import { shapeAt } from '../../../src-main/network/shapes.ts';
import { backboneNames, backboneRecordSchema } from '../../../src-shared/domain/backbone.ts';

const root = path.join(import.meta.dirname, '../../../assets/backbones');
/** Published sizes of the whole networks, without their ImageNet classifiers of 1280 · 1000 + 1000. */
const publishedCounts = {
  'efficientnet-lite0': 4_652_008 - 1_281_000,
  'efficientnet-lite1': 5_416_680 - 1_281_000,
  'efficientnet-lite2': 6_092_072 - 1_281_000,
};

describe.each(backboneNames)('the bundled %s', (name) => {
  it('is a sound network that its record describes', async () => {
    const read = (file: string): Promise<Buffer> => readFile(path.join(root, name, file));
    const record = v.parse(backboneRecordSchema, JSON.parse((await read('backbone.json')).toString('utf8')));
    const weightsBin = await read('weights.bin');
    const { network } = readLayersModel({ modelJson: (await read('model.json')).toString('utf8'), weightsBin });

    expect(createHash('sha256').update(weightsBin).digest('hex')).toBe(record.sha256);
    expect(inputLayer(network).shape).toEqual([record.inputSize, record.inputSize, 3]);
    expect(shapeAt(network, outputLayer(network).name).at(-1)).toBe(record.featureCount);
    expect(countParameters(network).learnable).toBe(record.parameterCount);
    expect(record.parameterCount).toBe(publishedCounts[name]);
    expect(record.stages.map((stage) => stage.name)).toEqual(network.stages.map((stage) => stage.name));
    expect(record.stages.reduce((sum, stage) => sum + stage.parameterCount, 0)).toBe(record.parameterCount);
    expect((await read('LICENSE')).toString('utf8')).toContain('Apache License');
  });
});
