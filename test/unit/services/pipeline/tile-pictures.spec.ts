import { expect, it } from 'vitest';
import { gridColumns, tile } from '../../../../src-main/services/pipeline/tile-pictures.ts';

const pixel = (value: number) => ({ width: 1, height: 1, data: Uint8Array.of(value, value, value) });

it('stands crops and their mirror images in rows of five, fewer pictures about square', () => {
  expect([1, 2, 5, 10].map(gridColumns)).toEqual([1, 2, 3, 5]);
});

it('puts pictures beside and below one another, with nothing between them and in the last places', () => {
  const { width, height, data } = tile([pixel(1), pixel(2), pixel(3)]);
  expect([width, height]).toEqual([4, 4]);
  const rows = Array.from({ length: 4 }, (_, y) => Array.from({ length: 4 }, (_cell, x) => data[(y * 4 + x) * 4]));
  expect(rows).toEqual([
    [1, 0, 0, 2],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [3, 0, 0, 0],
  ]);
  expect(data.filter((_, index) => index % 4 === 3).reduce((sum, alpha) => sum + alpha, 0)).toBe(3 * 255);
});
