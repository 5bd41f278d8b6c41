import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { attachHead, featuresLayerName } from '../../src-main/network/attach-head.ts';
import { readLayersModel } from '../../src-main/network/layers-model.ts';
import { createTensorFlowExecutor } from '../../src-main/trainer/executors/tensorflow-executor.ts';
import { backboneNames, backboneRecordSchema } from '../../src-shared/domain/backbone.ts';
import { openTensorFlow } from '../support/engine.ts';

const assets = path.join(import.meta.dirname, '../../assets/backbones');
const fixtures = path.join(import.meta.dirname, '../fixtures/backbones');
const fixtureSchema = v.object({ photos: v.array(v.object({ image: v.string(), features: v.array(v.number()) })) });

async function readJson<Schema extends v.GenericSchema>(file: string, schema: Schema): Promise<v.InferOutput<Schema>> {
  return v.parse(schema, JSON.parse(await readFile(file, 'utf8')));
}

describe.each(backboneNames)('features of %s', (name) => {
  it('equal PyTorch’s for two photos to 1 % of the largest', async () => {
    const tensorFlow = await openTensorFlow();
    const record = await readJson(path.join(assets, name, 'backbone.json'), backboneRecordSchema);
    const { photos } = await readJson(path.join(fixtures, `${name}.json`), fixtureSchema);
    const modelJson = await readFile(path.join(assets, name, 'model.json'), 'utf8');
    const backbone = readLayersModel({ modelJson, weightsBin: await readFile(path.join(assets, name, 'weights.bin')) });
    const executor = createTensorFlowExecutor(tensorFlow, attachHead(backbone, { classCount: 2, seed: 0 }));
    for (const { image, features: expected } of photos) {
      const pixels = await sharp(path.join(fixtures, image)).removeAlpha().raw().toBuffer();
      const values = Float32Array.from(pixels, (value, index) => {
        const channel = index % 3;
        return (value / 255 - (record.mean[channel] ?? NaN)) / (record.std[channel] ?? NaN);
      });
      const features = await executor.infer({ from: 'image', to: featuresLayerName, count: 1, values });
      const differences = expected.map((value, index) => Math.abs(value - (features[index] ?? NaN)));
      expect(features).toHaveLength(record.featureCount);
      expect(Math.max(...differences) / Math.max(...expected)).toBeLessThan(0.01);
    }
    executor.dispose();
  });
});
