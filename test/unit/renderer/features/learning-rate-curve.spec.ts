import { expect, test } from 'vitest';
import * as v from 'valibot';
import { pipelineIdSchema } from '../../../../src-shared/domain/ids.ts';
import { defaultRecipe } from '../../../../src-shared/domain/recipe/recipe.ts';
import { rateAt, ratePoints } from '../../../../src-renderer/features/new-run/learning-rate-curve.ts';

const recipe = { ...defaultRecipe('feature-extraction', v.parse(pipelineIdSchema, 'classic')), epochs: 30 };
const stepsPerEpoch = 10;

test('goes from the rate of the first step to that of the last', () => {
  const steps = { ...recipe, schedule: { kind: 'step', stepSize: 10, gamma: 0.1 } } as const;
  const warm = { ...recipe, warmUp: { epochs: 10, startFactor: 0.1 } } as const;
  const rates = (of: typeof recipe) =>
    [0, 0.5, 1].map((share) => Number(rateAt(of, stepsPerEpoch, share).toPrecision(3)));
  expect(rates(recipe)).toEqual([0.01, 0.01, 0.01]);
  expect(rates(steps)).toEqual([0.01, 0.001, 0.0001]);
  expect(rates(warm)).toEqual([0.001, 0.01, 0.01]);
});

test('is drawn from the left edge to the right, the learning rate on top', () => {
  const points = ratePoints(recipe, stepsPerEpoch, 150, 26).split(' ');
  expect([points[0], points.at(-1)]).toEqual(['1.0,2.0', '149.0,2.0']);
});
