import { describe, expect, test } from 'vitest';
import {
  confusedPairs,
  moveInMatrix,
  orderAlike,
  toneOf,
  windowStart,
} from '../../../../src-renderer/features/run/matrix.ts';
import { nearestFilled } from '../../../../src-renderer/features/run/draw-matrix.ts';
import { evaluate, type Evaluation } from '../../../../src-shared/domain/evaluation.ts';
import type { Prediction, RunClass } from '../../../../src-shared/domain/run.ts';

/** An evaluation with this many images of each class taken for each. */
function evaluationOf(confusion: readonly (readonly number[])[]): Evaluation {
  const classes = confusion.map((_, index) => ({ id: `c${index}`, name: `class ${index}` }) as RunClass);
  const predictions = confusion.flatMap((counts, label) =>
    counts.flatMap((count, predicted) =>
      Array.from({ length: count }, (_, nth): Prediction => {
        const probabilities = classes.map((_one, index) => (index === predicted ? 0.9 : 0.01));
        return {
          imageId: `${label}-${predicted}-${nth}` as Prediction['imageId'],
          split: 'test',
          label,
          probabilities,
        };
      }),
    ),
  );
  return evaluate(predictions, classes, 'test');
}

describe('confusedPairs', () => {
  test('lists each mixed-up pair with its share and the other way, most often first', () => {
    const evaluation = evaluationOf([
      [5, 1, 0],
      [3, 4, 0],
      [0, 2, 6],
    ]);
    expect(confusedPairs(evaluation)).toEqual([
      { label: 1, predicted: 0, count: 3, support: 7, otherWay: 1 },
      { label: 2, predicted: 1, count: 2, support: 8, otherWay: 0 },
      { label: 0, predicted: 1, count: 1, support: 6, otherWay: 3 },
    ]);
  });
});

describe('orderAlike', () => {
  test('puts classes that are mixed up next to each other and keeps every class once', () => {
    const size = 6;
    const confusion = Array.from({ length: size }, (_, row): number[] =>
      Array.from({ length: size }, (_cell, column) => (row === column ? 9 : 0)),
    );
    confusion[0]![5] = 4;
    confusion[1]![4] = 3;
    confusion[4]![1] = 3;
    confusion[2]![5] = 1;
    const order = orderAlike(confusedPairs(evaluationOf(confusion)), size);
    expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    const apart = (a: number, b: number) => Math.abs(order.indexOf(a) - order.indexOf(b));
    expect([apart(0, 5), apart(1, 4)]).toEqual([1, 1]);
    expect(apart(2, 5)).toBeLessThanOrEqual(2);
  });

  test('keeps the order of classes that nothing is taken for', () => {
    expect(orderAlike([], 4)).toEqual([0, 1, 2, 3]);
  });

  test('orders a thousand classes in well under a second', () => {
    const pairs = Array.from({ length: 50_000 }, (_, index) => ({
      label: index % 1000,
      predicted: (index * 7 + 1) % 1000,
      count: 1 + (index % 5),
      support: 20,
      otherWay: 0,
    }));
    const startMs = performance.now();
    expect(orderAlike(pairs, 1000)).toHaveLength(1000);
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});

test('moves by arrows through the order shown, ten at a time with Shift, and stops at the ends', () => {
  const order = [3, 1, 0, 2];
  const from = { row: 1, column: 0 };
  const press = (key: string, shiftKey = false) => moveInMatrix({ key, shiftKey }, from, order);
  expect([press('ArrowUp'), press('ArrowDown'), press('ArrowRight'), press('ArrowLeft', true), press('a')]).toEqual([
    { row: 3, column: 0 },
    { row: 0, column: 0 },
    { row: 1, column: 2 },
    { row: 1, column: 3 },
    null,
  ]);
});

test('a cut follows the cursor only as far as it must', () => {
  const whole = { size: 16, count: 300 };
  expect([windowStart(10, 12, whole), windowStart(10, 26, whole), windowStart(10, 4, whole)]).toEqual([10, 11, 4]);
  expect([windowStart(0, 299, whole), windowStart(290, 299, whole), windowStart(0, 5, { size: 16, count: 8 })]).toEqual(
    [284, 284, 0],
  );
});

test('a press on the map means the nearest cell that has images', () => {
  const confusion = [
    [4, 0, 0, 1],
    [0, 4, 0, 0],
    [0, 0, 4, 0],
    [0, 0, 0, 4],
  ];
  const order = [0, 1, 2, 3];
  const nearest = (row: number, column: number, reach: number) =>
    nearestFilled(confusion, { order, cell: { row, column }, reach });
  expect([nearest(0, 3, 2), nearest(1, 3, 1), nearest(3, 0, 1)]).toEqual([
    { row: 0, column: 3 },
    { row: 0, column: 3 },
    null,
  ]);
});

test('the faintest share still shows, and the whole of a row is the darkest', () => {
  expect([toneOf(0), toneOf(0.001), toneOf(1)]).toEqual([0, 1, 6]);
});
