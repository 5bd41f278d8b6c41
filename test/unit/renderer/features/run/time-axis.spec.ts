import { expect, it } from 'vitest';
import { timeAxis } from '../../../../../src-renderer/features/run/time-axis.ts';

it('begins and ends at round lengths around all durations', () => {
  expect(timeAxis([31, 200]).ticks).toEqual([30, 60, 120, 300]);
  expect(timeAxis([60, 60]).ticks).toEqual([60, 120]);
  expect(timeAxis([0.2, 3]).ticks).toEqual([1, 2, 5]);
});

it('places durations by their logarithm, and those beyond the ends at the ends', () => {
  const axis = timeAxis([30, 120]);
  expect(axis.place(60)).toBeCloseTo(0.5);
  expect([axis.place(30), axis.place(120), axis.place(1), axis.place(1e6)]).toEqual([0, 1, 0, 1]);
});
