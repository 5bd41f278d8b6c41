import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { classIdSchema, imageIdSchema } from '../../../src-shared/domain/ids.ts';
import { evaluateLabels } from '../../../src-shared/domain/label-evaluation.ts';
import { multiLabelObjective, positiveClassWeights } from '../../../src-main/trainer/train/multi-label-objective.ts';

const training = [[0, 2], [], [1]];
const validation = [[1], [0, 1]];

function objective(recipe: { labelSmoothing?: number; classBalance?: 'none' | 'class-weights' } = {}) {
  return multiLabelObjective({
    recipe: { labelSmoothing: 0, classBalance: 'none', ...recipe },
    ...{ classCount: 3, training, validation },
  });
}

describe('the objective of a multi-label training', () => {
  it('has a one for each class of an image, and none for an image of no class', () => {
    const { labelRows, samplingLabels } = objective();
    expect([...labelRows([0, 1, 2])]).toEqual([1, 0, 1, 0, 0, 0, 0, 1, 0]);
    expect(samplingLabels).toHaveLength(3);
  });

  it('smooths half-way to either answer, as Keras does', () => {
    const { lossTargets } = objective({ labelSmoothing: 0.2 });
    const { targets } = lossTargets(Float32Array.of(1, 0, 0.5), false);
    [0.9, 0.1, 0.5].forEach((value, index) => expect(targets[index]).toBeCloseTo(value, 6));
  });

  it('weighs a class that is there by the images without it for each with it', () => {
    expect([...positiveClassWeights([[0], [0], [0, 1], []], 3)]).toEqual([1 / 3, 3, 1].map(Math.fround));
    // Nothing speaks against a class that all have: without weight it would never be learned.
    expect([...positiveClassWeights([[0], [0, 1], [0]], 2)]).toEqual([1, 2]);
    expect(objective({ classBalance: 'class-weights' }).lossTargets(new Float32Array(3), false)).toMatchObject({
      positiveWeights: Float32Array.of(2, 2, 2),
    });
    expect(objective().lossTargets(new Float32Array(3), false)).not.toHaveProperty('positiveWeights');
  });

  it('counts right decisions as shares of images', () => {
    const rows = Float32Array.of(1, 0, 1, 0, 0, 0);
    expect(objective().countRight(Float32Array.of(0.9, 0.2, 0.4, 0.5, 0.1, 0.1), rows)).toBeCloseTo(4 / 3, 6);
  });

  it('judges as a finished run is evaluated', () => {
    const rows = [
      [0.3, 0.9, 0.2],
      [0.6, 0.4, 0],
    ];
    const classes = ['a', 'b', 'c'].map((name) => ({ id: v.parse(classIdSchema, name), name }));
    const predictions = rows.map((probabilities, index) => ({
      ...{ imageId: v.parse(imageIdSchema, 'a'.repeat(64)), split: 'validation' as const },
      ...{ labels: validation[index] ?? [], probabilities },
    }));
    const expected = evaluateLabels(predictions, classes, 'validation');
    const judged = objective().judge(Float32Array.from(rows.flat()));
    expect(judged.loss).toBeCloseTo(expected.loss, 6);
    expect(judged.meanAveragePrecision).toBeCloseTo(expected.meanAveragePrecision, 12);
    expect(judged.accuracy).toBeCloseTo(5 / 6, 12);
  });
});
