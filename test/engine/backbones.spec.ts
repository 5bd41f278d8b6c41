import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { attachHead, featuresLayerName } from '../../src-main/network/attach-head.ts';
import { backboneNames } from '../../src-shared/domain/backbone.ts';
import { backboneFixtures, readBackbone, readPhoto } from '../support/bundled-backbone.ts';
import { inferenceEngines } from '../support/engine.ts';

const fixtureSchema = v.object({ photos: v.array(v.object({ image: v.string(), features: v.array(v.number()) })) });

describe.each(Object.entries(inferenceEngines))('on %s', (_engine, open) => {
  it.each(backboneNames)('features of %s equal PyTorch’s for two photos to 1 % of the largest', async (name) => {
    const { record, model } = await readBackbone(name);
    const { photos } = v.parse(
      fixtureSchema,
      JSON.parse(await readFile(path.join(backboneFixtures, `${name}.json`), 'utf8')),
    );
    const executor = await open(attachHead(model, { classCount: 2, seed: 0 }));
    for (const { image, features: expected } of photos) {
      const values = await readPhoto(record, image);
      const features = await executor.infer({ from: 'image', to: featuresLayerName, count: 1, values });
      const differences = expected.map((value, index) => Math.abs(value - (features[index] ?? NaN)));
      expect(features).toHaveLength(record.featureCount);
      expect(Math.max(...differences) / Math.max(...expected)).toBeLessThan(0.01);
    }
    executor.dispose();
  });
});
