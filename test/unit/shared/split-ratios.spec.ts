import { expect, test } from 'vitest';
import { leavesRoomForTraining } from '../../../src-shared/domain/dataset.ts';

test('validation and test may take nine tenths together, whatever the fractions add up to in binary', () => {
  const percents = Array.from({ length: 71 }, (_, index) => index + 10);
  const refused = percents.filter((percent) => !leavesRoomForTraining(percent / 100, (90 - percent) / 100));
  expect(refused).toEqual([]);
});

test('a tenth is left for training', () => {
  expect(
    [
      [0.45, 0.46],
      [0.8, 0.2],
      [0, 0.901],
    ].map(([validation = 0, share = 0]) => leavesRoomForTraining(validation, share)),
  ).toEqual([false, false, false]);
});
