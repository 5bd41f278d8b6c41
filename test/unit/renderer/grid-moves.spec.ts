import { expect, test } from 'vitest';
import { chunk, moveInGrid } from '../../../src-renderer/ui/grid-moves.ts';

// Eleven cells, four in a row:  0 1 2 3 / 4 5 6 7 / 8 9 10
const place = { count: 11, columns: 4, perPage: 8 };

test('cuts a list into rows, the last one shorter', () => {
  expect(chunk([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
});

test('moves by cell, row and page, and stops at the ends', () => {
  const from = (index: number, key: string): number | null => moveInGrid(key, { ...place, index });
  expect({
    right: from(2, 'ArrowRight'),
    overTheRow: from(3, 'ArrowRight'),
    rightAtEnd: from(10, 'ArrowRight'),
    leftAtStart: from(0, 'ArrowLeft'),
    up: from(6, 'ArrowUp'),
    upInFirstRow: from(1, 'ArrowUp'),
    down: from(1, 'ArrowDown'),
    downToShorterRow: from(7, 'ArrowDown'),
    downInLastRow: from(9, 'ArrowDown'),
    pageUp: from(10, 'PageUp'),
    pageUpKeepsColumn: from(6, 'PageUp'),
    home: from(7, 'Home'),
    end: from(2, 'End'),
  }).toEqual({
    right: 3,
    overTheRow: 4,
    rightAtEnd: 10,
    leftAtStart: 0,
    up: 2,
    upInFirstRow: 1,
    down: 5,
    downToShorterRow: 10,
    downInLastRow: 9,
    pageUp: 2,
    pageUpKeepsColumn: 2,
    home: 0,
    end: 10,
  });
});

test('begins at the first cell, and leaves other keys and an empty grid alone', () => {
  expect(moveInGrid('ArrowDown', { ...place, index: -1 })).toBe(0);
  expect(moveInGrid('x', { ...place, index: 3 })).toBeNull();
  expect(moveInGrid('Home', { ...place, index: -1, count: 0 })).toBeNull();
});
