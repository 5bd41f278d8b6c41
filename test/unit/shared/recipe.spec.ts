import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import { defaultRecipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { storedRecipeSchema } from '../../../src-shared/domain/recipe/upgrade.ts';

const pipelineId = v.parse(pipelineIdSchema, 'classic');
const file = new URL('../../fixtures/recipes/version-1.json', import.meta.url);
/** The defaults of both modes as version 1 wrote them, one of them with every choice changed. */
const versionOne = JSON.parse(readFileSync(file, 'utf8')) as readonly object[];

describe('a recipe of version 1', () => {
  const [extraction, changed, fineTuning] = versionOne.map((stored) => v.parse(storedRecipeSchema, stored));

  it('reads as the default that meant the same', () => {
    expect(extraction).toEqual(defaultRecipe('feature-extraction', pipelineId));
    expect(fineTuning).toEqual({
      ...defaultRecipe('fine-tuning', pipelineId),
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    });
  });

  it('keeps what was chosen', () => {
    expect(changed).toEqual({
      ...defaultRecipe('fine-tuning', pipelineId),
      optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      schedule: { kind: 'step', stepSize: 2, gamma: 0.5 },
      weightDecay: 0.05,
      seed: 7,
      earlyStopping: { patience: 3 },
      batchNorm: 'trained',
    });
  });
});

it('a recipe of version 2 reads as one that asks for fresh images in every epoch', () => {
  const { cachesVariants: _new, ...rest } = defaultRecipe('fine-tuning', pipelineId);
  const stored = { ...rest, schemaVersion: 2, trainableFrom: 'block6' };
  const expected = { ...rest, schemaVersion: 3, trainableFrom: 'block6', cachesVariants: false };
  expect(v.parse(storedRecipeSchema, stored)).toEqual(expected);
});

describe('a recipe on disk', () => {
  it('of the present version reads as it is', () => {
    const recipe = defaultRecipe('fine-tuning', pipelineId);
    expect(v.parse(storedRecipeSchema, recipe)).toEqual(recipe);
  });

  it.each([
    { schemaVersion: 4 },
    { optimizer: { kind: 'lion' } },
    { schedule: { kind: 'multi-step', milestones: [3, 3], gamma: 0.1 } },
    { unknown: 1 },
  ])('is refused with %o', (change) => {
    const stored = { ...defaultRecipe('fine-tuning', pipelineId), ...change };
    expect(v.is(storedRecipeSchema, stored)).toBe(false);
  });
});
