import { expect, test } from 'vitest';
import * as v from 'valibot';
import { pipelineIdSchema } from '../../../../src-shared/domain/ids.ts';
import { defaultRecipe } from '../../../../src-shared/domain/recipe/recipe.ts';
import { rateFactorAt } from '../../../../src-renderer/features/new-run/learning-rate-curve.ts';

const recipe = { ...defaultRecipe('feature-extraction', v.parse(pipelineIdSchema, 'classic')), epochs: 30 };

test('follows each schedule from the first epoch to the last', () => {
  const steps = { ...recipe, schedule: { kind: 'step', stepSize: 10, gamma: 0.1 } } as const;
  const cosine = { ...recipe, schedule: { kind: 'cosine' } } as const;
  const shares = [0, 0.3, 0.5, 1];
  expect(shares.map((share) => rateFactorAt(recipe, share))).toEqual([1, 1, 1, 1]);
  expect(shares.map((share) => Number(rateFactorAt(steps, share).toFixed(6)))).toEqual([1, 1, 0.1, 0.01]);
  expect(shares.map((share) => Number(rateFactorAt(cosine, share).toFixed(6)))).toEqual([1, 0.793893, 0.5, 0]);
});
