import { expect, test } from 'vitest';
import { readMilestones } from '../../../../src-renderer/features/new-run/read-milestones.ts';

test.each([
  ['15, 25', [15, 25]],
  ['3', [3]],
  [' 1 2，7、9 ', [1, 2, 7, 9]],
  ['', null],
  ['5, 5', null],
  ['9, 3', null],
  ['0, 3', null],
  ['1.5', null],
  ['five', null],
])('“%s” reads as %o', (text, expected) => {
  expect(readMilestones(text)).toEqual(expected);
});
