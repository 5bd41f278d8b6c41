import { expect, it } from 'vitest';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import * as v from 'valibot';
import { defaultRecipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { estimateRunCost, type MeasuredCost } from '../../../src-main/trainer/probe/run-cost.ts';

const measured: MeasuredCost = {
  ...{ start: 2, featuresPerImage: 0.01, judgingPerImage: 0.02, headStep: 0.001, wholeStep: 1 },
  peakMemoryBytes: 1e9,
  neededMemoryBytes: null,
};
const size = {
  counts: { training: 100, validation: 20, test: 30 },
  ...{ variantCount: 2, viewCount: 1, featureCount: 1000, inputSize: 10, stageCache: null },
  ...{ availableMemoryBytes: 6e9, totalMemoryBytes: 8e9 },
};
const pipelineId = v.parse(pipelineIdSchema, 'classic');

it('adds up features, head steps and the judgement of feature extraction', () => {
  const recipe = { ...defaultRecipe('feature-extraction', pipelineId), epochs: 10, batchSize: 32 };
  expect(estimateRunCost(measured, { ...size, recipe })).toEqual({
    batchSize: 32,
    neededMemoryBytes: null,
    secondsPerStep: 0.001,
    secondsPerImage: 0.01,
    totalSteps: 40,
    totalSeconds: 2 + 0.01 * (100 * 2 + 20 + 30) + 0.001 * 40,
    peakMemoryBytes: 1e9 + 220 * 1000 * 4,
    availableMemoryBytes: 6e9,
    totalMemoryBytes: 8e9,
    stageCache: null,
  });
});

it('counts the pass that fills the stage cache, and the test images through it, in place of pixels in memory', () => {
  const base = defaultRecipe('fine-tuning', pipelineId);
  const recipe = { ...base, epochs: 3, batchSize: 32, headFirst: { ...base.headFirst, epochs: 5 } };
  const stageCache = { kind: 'used', layer: 'block6d_add', bytes: 2e8 } as const;
  const cost = estimateRunCost(measured, { ...size, recipe, stageCache });
  expect(cost.totalSeconds).toBeCloseTo(2 + 0.01 * (2 * 220 + 30) + 0.001 * 20 + 12 + 0.02 * (60 + 50), 10);
  expect(cost).toMatchObject({ stageCache, peakMemoryBytes: 1e9 + 2e8 });
});

it('adds up the head, all steps and a validation each epoch in fine-tuning', () => {
  const base = defaultRecipe('fine-tuning', pipelineId);
  const recipe = { ...base, epochs: 3, batchSize: 32, headFirst: { ...base.headFirst, epochs: 5 } };
  const cost = estimateRunCost(measured, { ...size, recipe });
  expect(cost).toMatchObject({ secondsPerStep: 1, secondsPerImage: 0.02, totalSteps: 32 });
  expect(cost.totalSeconds).toBeCloseTo(2 + 0.01 * 220 + 0.001 * 20 + 12 + 0.02 * (60 + 50), 10);
  expect(cost.peakMemoryBytes).toBe(1e9 + 220 * 1000 * 4 + 20 * 100 * 3 * 4);
});

it('counts every view of the judged images, and of no other', () => {
  const recipe = { ...defaultRecipe('feature-extraction', pipelineId), epochs: 10, batchSize: 32 };
  const cost = estimateRunCost(measured, { ...size, viewCount: 10, recipe });
  expect(cost.totalSeconds).toBeCloseTo(2 + 0.01 * (100 * 2 + (20 + 30) * 10) + 0.001 * 40, 10);
  expect(cost).toMatchObject({ secondsPerImage: 0.1, peakMemoryBytes: 1e9 + (200 + 200) * 1000 * 4 });
});
