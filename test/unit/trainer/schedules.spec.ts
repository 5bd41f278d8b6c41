import { describe, expect, it } from 'vitest';
import { learningRateAt } from '../../../src-main/trainer/schedules.ts';

const phase = { baseLearningRate: 0.1, stepsPerEpoch: 10, epochCount: 4 };

describe('learningRateAt', () => {
  it('keeps a constant rate', () => {
    expect(learningRateAt({ kind: 'constant' }, { ...phase, stepIndex: 39 })).toBe(0.1);
  });

  it('multiplies by gamma after every so many epochs', () => {
    const rates = [0, 19, 20, 39].map((stepIndex) =>
      learningRateAt({ kind: 'step', stepSize: 2, gamma: 0.1 }, { ...phase, stepIndex }),
    );
    expect(rates.map((rate) => rate.toPrecision(6))).toEqual(['0.100000', '0.100000', '0.0100000', '0.0100000']);
  });

  it('follows half a cosine from the base rate towards zero', () => {
    const rates = [0, 20, 39].map((stepIndex) => learningRateAt({ kind: 'cosine' }, { ...phase, stepIndex }));
    expect(rates[0]).toBe(0.1);
    expect(rates[1]).toBeCloseTo(0.05, 12);
    expect(rates[2]).toBeCloseTo(0.05 * (1 - Math.cos(Math.PI / 40)), 12);
  });
});
