import { describe, expect, it } from 'vitest';
import { textOf } from '../../../src-shared/domain/sentence.ts';
import { ExplosionWatch, trainingDiverged, type StepOutcome } from '../../../src-main/trainer/train/divergence.ts';

/** Answers of the watch, step by step; all batches have ten images of ten classes. */
function watch(steps: readonly StepOutcome[]): readonly (number | null)[] {
  const explosions = new ExplosionWatch(10);
  return steps.map((step) => explosions.add(step));
}

function stepsOf(count: number, loss: number, correct: number): readonly StepOutcome[] {
  return Array.from({ length: count }, () => ({ loss, correct, images: 10 }));
}

const isNull = (answer: number | null): boolean => answer === null;

describe('a watch for exploding losses', () => {
  it('tells the mean loss once it has seen fifty images a class of a huge loss and of guesses', () => {
    const answers = watch(stepsOf(50, 1000, 1));
    expect(answers.slice(0, 49).every(isNull)).toBe(true);
    expect(answers[49]).toBeCloseTo(1000);
  });

  it('wants thirty steps, however large they are', () => {
    const large = stepsOf(30, 1000, 1).map((step) => ({ ...step, images: 100 }));
    expect(watch(large).findIndex((answer) => answer !== null)).toBe(29);
  });

  it('lets a huge loss pass while images are recognised: a head at a high rate', () => {
    expect(watch(stepsOf(500, 1000, 2)).every(isNull)).toBe(true);
  });

  it('lets guessing pass at the loss of guessing: every start, and a network that has died', () => {
    expect(watch(stepsOf(500, Math.log(10), 1)).every(isNull)).toBe(true);
  });

  it('forgets good steps as bad ones follow', () => {
    const answers = watch([...stepsOf(200, 0.1, 10), ...stepsOf(50, 1000, 1)]);
    expect(answers.slice(0, 249).every(isNull)).toBe(true);
    expect(answers[249]).toBeCloseTo(1000);
  });
});

describe('the reason of a training that diverged', () => {
  const phase = { phase: 'head', learningRate: 0.3 } as const;
  const at = { step: 7, epoch: 2, best: { epoch: 1, loss: 0.5 }, phase };

  it('names the step, a tenth of the rate, and the epoch whose weights are kept', () => {
    const error = trainingDiverged({ kind: 'loss-not-finite' }, { ...at, recipe: { mode: 'feature-extraction' } });
    expect(textOf(error.sentence)).toBe(
      'The loss stopped being a number at step 7, in epoch 2. The usual cause is too high a learning rate: try 0.03 instead of 0.3. The weights of epoch 1 are kept.',
    );
    expect(error).toMatchObject({ code: 'training-diverged', detail: { step: 7, epoch: 2, bestEpoch: 1 } });
  });

  it("speaks of the head's own rate while the head learns first", () => {
    const error = trainingDiverged({ kind: 'exploded', loss: 4321 }, { ...at, recipe: { mode: 'fine-tuning' } });
    expect(textOf(error.sentence)).toMatch(/had risen to 4\.3e\+3.*learning rate of the head: try 0\.03/);
  });
});
