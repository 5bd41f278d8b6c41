import { expect, it } from 'vitest';
import { safeRange, type SafetyPoint } from '../../../src-shared/domain/safety.ts';

function axis(neutral: number | null, changedByValue: readonly (readonly [number | null, number])[]) {
  const points = changedByValue.map(([value, changed]): SafetyPoint => ({ value, judged: 100, changed, examples: [] }));
  return { stepId: 'turn', kind: 'RandomRotation', field: 'degrees', neutral, points };
}

it('ends before the first strength at which more than one image in twenty changes', () => {
  expect(
    safeRange(
      axis(0, [
        [-20, 30],
        [-10, 2],
        [10, 5],
        [20, 6],
        [30, 1],
      ]),
    ),
  ).toEqual([-10, 10]);
});

it('is the neutral strength alone where the nearest ones are unsafe', () => {
  expect(
    safeRange(
      axis(1, [
        [0.8, 9],
        [1.2, 9],
      ]),
    ),
  ).toEqual([1, 1]);
});

it('is the whole range where nothing changes, and nothing without strengths', () => {
  expect(
    safeRange(
      axis(0, [
        [5, 0],
        [10, 0],
      ]),
    ),
  ).toEqual([0, 10]);
  expect(safeRange(axis(null, [[null, 90]]))).toBeNull();
});
