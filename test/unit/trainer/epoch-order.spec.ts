import { describe, expect, it } from 'vitest';
import { planEpoch } from '../../../src-main/trainer/train/epoch-order.ts';

/** 90 images of class 0, 9 of class 1, 1 of class 2. */
const labels = [...Array<number>(90).fill(0), ...Array<number>(9).fill(1), 2];
const recipe = { seed: 3, batchSize: 8, classBalance: 'balanced-sampling' } as const;
const epoch = (epochInPhase: number) => planEpoch(recipe, labels, { phase: 'all', epochInPhase });

describe('an epoch', () => {
  it('takes every image once in an order of its own', () => {
    const orders = [0, 1].map((epochInPhase) =>
      planEpoch({ ...recipe, classBalance: 'none' }, labels, { phase: 'head', epochInPhase }).flatMap(
        ({ indices }) => indices,
      ),
    );
    expect(orders[0]).not.toEqual(orders[1]);
    for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual([...labels.keys()]);
  });

  it('is the same for the same seed, phase and number', () => {
    expect(epoch(4)).toEqual(epoch(4));
    expect(epoch(4)).not.toEqual(epoch(5));
  });
});

describe('balanced sampling', () => {
  const epochs = Array.from({ length: 60 }, (_, index) => epoch(index));

  it('draws as many images as there are, each class as often', () => {
    const drawn = epochs.flatMap((batches) => batches.flatMap(({ indices }) => indices));
    expect(drawn).toHaveLength(60 * labels.length);
    for (const label of [0, 1, 2]) {
      const share = drawn.filter((index) => labels[index] === label).length / drawn.length;
      // Four standard deviations of a binomial share of 6,000 draws.
      expect(Math.abs(share - 1 / 3)).toBeLessThan((4 * Math.sqrt((1 / 3) * (2 / 3))) / Math.sqrt(6000));
    }
  });

  it('counts how often an image came before, so that each draw is augmented anew', () => {
    for (const batches of epochs) {
      const seen = new Map<number, number>();
      for (const { indices, repeats } of batches) {
        indices.forEach((index, row) => {
          expect(repeats[row]).toBe(seen.get(index) ?? 0);
          seen.set(index, (seen.get(index) ?? 0) + 1);
        });
      }
    }
  });
});
