import { describe, expect, it } from 'vitest';
import { LearningRateCurve, suggestLearningRates } from '../../../src-main/trainer/probe/learning-rate-curve.ts';

/** A hundred rates from 1e-7 to 10, each the same factor above the one before. */
const rates = Array.from({ length: 100 }, (_, index) => 1e-7 * 1e8 ** (index / 99));

function curveOf(loss: (rate: number) => number): LearningRateCurve {
  const curve = new LearningRateCurve();
  for (const rate of rates) curve.add(rate, loss(rate));
  return curve;
}

/** Flat, then falling by the logarithm of the rate from 1e-5 to 1e-2, then rising steeply. */
function typicalLoss(rate: number): number {
  const log = Math.log10(rate);
  if (log < -5) return 2;
  return log < -2 ? 2 - 0.6 * (log + 5) : 0.2 + 40 * (log + 2) ** 2;
}

describe('the curve of a search', () => {
  it('smooths by an exponential mean without its bias', () => {
    const curve = new LearningRateCurve();
    [3, 1, 2].forEach((loss, index) => curve.add(rates[index] ?? 0, loss));
    const mean = (weights: readonly number[], losses: readonly number[]): number =>
      losses.reduce((sum, loss, index) => sum + loss * (weights[index] ?? 0), 0) / weights.reduce((a, b) => a + b);
    const expected = [mean([1], [3]), mean([0.98, 1], [3, 1]), mean([0.98 ** 2, 0.98, 1], [3, 1, 2])];
    curve.points.forEach(({ smoothedLoss }, index) => expect(smoothedLoss).toBeCloseTo(expected[index] ?? 0, 10));
  });

  it('is complete after its steps, or when the loss has left its least far below', () => {
    expect(curveOf(() => 1)).toMatchObject({ isComplete: true, points: { length: 100 } });
    const diverged = curveOf((rate) => (rate < 0.1 ? 1 : 1e4));
    expect(diverged.isComplete).toBe(true);
    expect(diverged.points.at(-1)?.learningRate).toBeCloseTo(rates.find((rate) => rate >= 0.1) ?? 0, 10);
  });
});

describe('the suggestions', () => {
  it('lie on the fall of the loss, below where it ends', () => {
    const { steepest, valley } = suggestLearningRates(curveOf(typicalLoss).points);
    for (const rate of [steepest, valley]) {
      expect(rate).toBeGreaterThan(1e-5);
      expect(rate).toBeLessThan(0.05);
    }
  });

  it('are none where the loss only rises, and for a curve that is too short', () => {
    expect(suggestLearningRates(curveOf((rate) => 1 + rate).points)).toEqual({ steepest: null, valley: null });
    expect(suggestLearningRates(curveOf(typicalLoss).points.slice(0, 12))).toEqual({ steepest: null, valley: null });
  });
});
