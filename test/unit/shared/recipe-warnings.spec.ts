import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import { defaultRecipe, recipeSchema, type Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { recipeWarnings, type RecipeWarning } from '../../../src-shared/domain/recipe/warnings.ts';

const pipelineId = v.parse(pipelineIdSchema, 'classic');
const facts = { trainingCount: 1000, stageCount: 9 };
const make = (mode: Recipe['mode'], change: Partial<Recipe>): Recipe => ({
  ...defaultRecipe(mode, pipelineId),
  ...change,
});
const noHead = { headFirst: { epochs: 0, learningRate: 0.01 } };
const plateau = { kind: 'reduce-on-plateau', factor: 0.1, patience: 3, threshold: 0 } as const;

const cases: readonly (readonly [RecipeWarning['code'], Recipe])[] = [
  ['high-rate', make('fine-tuning', { learningRate: 3e-4 })],
  ['trained-norm', make('fine-tuning', { batchNorm: 'trained' })],
  ['no-head-first', make('fine-tuning', noHead)],
  ['stages-not-reached', make('fine-tuning', { epochs: 8, unfreezing: { epochsPerStage: 2 } })],
  ['stages-not-reached', make('fine-tuning', { epochs: 20, unfreezing: { epochsPerStage: 4 } })],
  ['late-steps', make('feature-extraction', { schedule: { kind: 'step', stepSize: 30, gamma: 0.1 } })],
  ['late-steps', make('feature-extraction', { schedule: { kind: 'multi-step', milestones: [40, 50], gamma: 0.1 } })],
  ['stops-before-plateau', make('feature-extraction', { schedule: plateau, earlyStopping: { patience: 3 } })],
  ['long-warm-up', make('feature-extraction', { warmUp: { epochs: 30, startFactor: 0.1 } })],
  ['cutmix-on-features', make('feature-extraction', { mixing: { kind: 'cutmix', alpha: 1 } })],
];

describe('what a person should know before a training', () => {
  it.each(['feature-extraction', 'fine-tuning'] as const)('is nothing with the defaults of %s', (mode) => {
    expect(recipeWarnings(make(mode, {}), facts)).toEqual([]);
  });

  it.each(cases)('%s: is told, and gone with its fix', (code, recipe) => {
    const warnings = recipeWarnings(recipe, facts);
    expect(warnings.map((warning) => warning.code)).toEqual([code]);
    const fixed = { ...recipe, ...warnings[0]?.fix };
    expect(v.is(recipeSchema, fixed)).toBe(true);
    expect(recipeWarnings(fixed, facts)).toEqual([]);
  });

  it('leaves alone what was not seen to hurt', () => {
    const many = { ...facts, trainingCount: 5000 };
    expect(recipeWarnings(make('fine-tuning', { batchNorm: 'trained', learningRate: 2e-4 }), many)).toEqual([]);
    expect(recipeWarnings(make('feature-extraction', { learningRate: 0.1 }), facts)).toEqual([]);
    expect(
      recipeWarnings(make('fine-tuning', { ...noHead, epochs: 9, unfreezing: { epochsPerStage: 1 } }), facts),
    ).toEqual([]);
  });
});
