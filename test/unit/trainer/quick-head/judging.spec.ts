import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src-shared/lib/seeded-random.ts';
import { farthestFirst } from '../../../../src-main/trainer/quick-head/farthest-first.ts';
import { findSuspects } from '../../../../src-main/trainer/quick-head/find-suspects.ts';
import { FoldBook } from '../../../../src-main/trainer/quick-head/fold-book.ts';
import { toPlain, toStandardised } from '../../../../src-main/trainer/quick-head/head-weights.ts';
import { projectedLength, sparseProjection } from '../../../../src-main/trainer/quick-head/project-rows.ts';
import { applyTemperature, findTemperature } from '../../../../src-main/trainer/quick-head/temperature.ts';
import { VerdictList } from '../../../../src-main/trainer/quick-head/verdicts.ts';

describe('temperature', () => {
  it('finds the factor by which logits were blown up', () => {
    const random = createRandom('temperature');
    const [rows, classes] = [4000, 3];
    const probabilities = new Float32Array(rows * classes);
    const labels = new Int32Array(rows);
    for (let row = 0; row < rows; row += 1) {
      const logits = Array.from({ length: classes }, () => random.normal() * 2);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      let rest = random.next() * total;
      labels[row] = logits.findIndex((logit) => (rest -= Math.exp(logit)) < 0);
      logits.forEach((logit, column) => void (probabilities[row * classes + column] = Math.exp(3 * logit)));
      const sum = logits.reduce((whole, logit) => whole + Math.exp(3 * logit), 0);
      for (let column = 0; column < classes; column += 1) probabilities[row * classes + column]! /= sum;
    }
    expect(findTemperature(probabilities, labels)).toBeCloseTo(3, 0);
    expect(Math.abs(findTemperature(probabilities, labels) - 3)).toBeLessThan(0.25);
  });

  it('leaves rows that sum to one and in the same order', () => {
    const row = Float32Array.of(0.7, 0.2, 0.1);
    applyTemperature(row, 3, 2);
    expect(row[0]! + row[1]! + row[2]!).toBeCloseTo(1, 6);
    expect(row[0]! / row[1]!).toBeCloseTo(Math.sqrt(3.5), 4);
  });
});

describe('suspects', () => {
  // Two classes; the mean self-confidence of class 0 is (0.9 + 0.8 + 0.1) / 3 = 0.6, of class 1 (0.9 + 0.7) / 2 = 0.8.
  const probabilities = Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.1, 0.9, 0.1, 0.9, 0.3, 0.7);
  const labels = Int32Array.of(0, 0, 0, 1, 1);

  it('are rows that reach another class’s mean self-confidence, and only those', () => {
    expect(findSuspects(probabilities, labels, 2)).toEqual([
      {
        index: 2,
        likely: 1,
        givenShare: expect.closeTo(0.1, 5) as number,
        likelyShare: expect.closeTo(0.9, 5) as number,
      },
    ]);
  });

  it('are none where every row is surest of its label', () => {
    expect(findSuspects(Float32Array.of(0.9, 0.1, 0.2, 0.8), Int32Array.of(0, 1), 2)).toEqual([]);
  });
});

describe('folds', () => {
  const rowsOf = (counts: readonly number[]): { key: string; label: number }[] =>
    counts.flatMap((count, label) =>
      Array.from({ length: count }, (_, index) => ({ key: `${label}/${index}`, label })),
    );

  it('have of each class as many rows as can be', () => {
    const rows = rowsOf([20, 12, 3]);
    const folds = new FoldBook('seed').assign(rows);
    for (const label of [0, 1, 2]) {
      const counts = [0, 0, 0, 0, 0];
      rows.forEach((row, index) => row.label === label && (counts[folds[index]!]! += 1));
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });

  it('keep their rows when others come', () => {
    const book = new FoldBook('seed');
    const before = book.assign(rowsOf([20, 12]));
    const rows = rowsOf([25, 14, 2]);
    const after = book.assign(rows);
    const kept = rowsOf([20, 12]).map(({ key }) => after[rows.findIndex((row) => row.key === key)]);
    expect(kept).toEqual([...before]);
  });

  it('are as many as the largest class has rows, 2 to 5', () => {
    const countOf = (counts: readonly number[]): number => {
      const book = new FoldBook('seed');
      book.assign(rowsOf(counts));
      return book.count;
    };
    expect([countOf([1, 1]), countOf([3, 2]), countOf([40, 2])]).toEqual([2, 3, 5]);
  });
});

describe('farthest first', () => {
  const points = Float32Array.of(0, 0, 1, 0, 10, 0, 0, 5);

  it('picks what is farthest from the centres and from what it picked', () => {
    expect(farthestFirst({ points, centres: Float32Array.of(0, 0), length: 2 }, 3)).toEqual([2, 3, 1]);
  });

  it('picks every point once at most', () => {
    expect([...farthestFirst({ points, centres: new Float32Array(), length: 2 }, 9)].sort()).toEqual([0, 1, 2, 3]);
  });
});

it('a sparse projection keeps distances nearly', () => {
  const length = 1280;
  const random = createRandom('distances');
  const project = sparseProjection(length, 'seed');
  const rows = Array.from({ length: 30 }, () => Float32Array.from({ length }, () => Math.max(0, random.normal())));
  const points = rows.map((row) => {
    const point = new Float32Array(projectedLength);
    project(row, point);
    return point;
  });
  const distance = (a: Float32Array, b: Float32Array): number =>
    Math.sqrt(a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0));
  const ratios = rows.flatMap((row, i) =>
    rows.slice(i + 1).map((other, j) => distance(points[i]!, points[i + 1 + j]!) / distance(row, other)),
  );
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  const off = ratios.map((ratio) => Math.abs(ratio / mean - 1));
  expect(off.reduce((sum, one) => sum + one, 0) / off.length).toBeLessThan(0.12);
});

it('weights for features as they are and standardised mean the same, also when classes come and go', () => {
  const spread = { mean: Float32Array.of(1, -2), deviation: Float32Array.of(2, 0.5) };
  const size = { featureCount: 2, classCount: 2 };
  const standardised = Float32Array.of(0.5, -0.25, 1, 2, 0.1, -0.1);
  const kept = { classIds: ['a', 'b'], weights: toPlain(standardised, spread, size) };
  const back = toStandardised(kept, spread, ['a', 'b']);
  back.forEach((value, at) => expect(value).toBeCloseTo(standardised[at]!, 6));
  expect([...toStandardised(kept, spread, ['c', 'b'])]).toEqual([0, back[1], 0, back[3], 0, back[5]]);
});

it('a verdict names the likeliest class, its share never rounded up, and the lead over the second', () => {
  const list = new VerdictList();
  list.add([7, 8], Float32Array.of(0.2, 0.7, 0.1, 0.99999, 0.00001, 0), [0, 4, 5]);
  expect(list.done()).toEqual({
    rows: [7, 8],
    classes: [4, 0],
    confidences: [0.6999, 0.9999],
    margins: [0.4999, 0.9999],
  });
});
