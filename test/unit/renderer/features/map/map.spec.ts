import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawPoints, type Colour } from '../../../../../src-renderer/features/map/draw-points.ts';
import { mapGroups } from '../../../../../src-renderer/features/map/map-groups.ts';
import {
  fitView,
  isInside,
  panBy,
  toMap,
  toScreen,
  zoomBy,
  type MapPoints,
} from '../../../../../src-renderer/features/map/map-view.ts';
import { PointGrid } from '../../../../../src-renderer/features/map/point-grid.ts';
import { tableOfClasses } from '../../../../support/image-table.ts';

const size = { width: 400, height: 300 };

function pointsOf(places: readonly (readonly [number, number])[]): MapPoints {
  return {
    rows: Uint32Array.from(places.keys()),
    x: Float32Array.from(places, ([x]) => x),
    y: Float32Array.from(places, ([, y]) => y),
  };
}

const anyPlaces = fc.array(
  fc.tuple(fc.float({ min: -50, max: 50, noNaN: true }), fc.float({ min: -50, max: 50, noNaN: true })),
  { minLength: 1, maxLength: 120 },
);

describe('what is seen', () => {
  test('is at first all points', () => {
    fc.assert(
      fc.property(anyPlaces, (places) => {
        const points = pointsOf(places);
        const view = fitView(points, size);
        for (const [index] of places.entries()) {
          const { x, y } = toScreen(view, size, { x: points.x[index]!, y: points.y[index]! });
          expect(x >= -0.5 && x <= size.width + 0.5 && y >= -0.5 && y <= size.height + 0.5).toBe(true);
        }
      }),
    );
  });

  test('keeps what is under the pointer where it is while zooming, and moves with the hand', () => {
    const whole = fitView(
      pointsOf([
        [-1, -1],
        [3, 2],
      ]),
      size,
    );
    const at = { x: 90, y: 210 };
    const under = toMap(whole, size, at);
    const zoomed = zoomBy(whole, 7, { at, size, whole });
    expect(toScreen(zoomed, size, under).x).toBeCloseTo(at.x);
    expect(toScreen(zoomed, size, under).y).toBeCloseTo(at.y);
    expect(zoomBy(whole, 1e9, { at, size, whole }).scale).toBe(whole.scale * 200);
    const moved = toScreen(panBy(zoomed, { x: 12, y: -5 }), size, under);
    expect([moved.x, moved.y].map(Math.round)).toEqual([102, 205]);
  });
});

describe('points', () => {
  test('near a place are those that looking at all of them finds', () => {
    fc.assert(
      fc.property(
        anyPlaces,
        fc.tuple(fc.integer({ min: -60, max: 60 }), fc.integer({ min: -60, max: 60 })),
        (places, [x, y]) => {
          const points = pointsOf(places);
          const grid = new PointGrid(points);
          const distance = (point: number): number => Math.hypot(points.x[point]! - x, points.y[point]! - y);
          const near = [...points.rows].filter((point) => distance(point) <= 20);
          expect([...grid.within({ x, y }, 20)].map(({ point }) => point).sort((a, b) => a - b)).toEqual(near);
          const isShown = (point: number): boolean => point % 2 === 0;
          const found = grid.nearest({ x, y }, 20, isShown);
          const wanted = near.filter(isShown).sort((a, b) => distance(a) - distance(b))[0];
          expect(found === -1 ? undefined : distance(found)).toBe(wanted === undefined ? undefined : distance(wanted));
        },
      ),
    );
  });

  test('are inside a line that goes around them, also where it is dented', () => {
    const line = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 5, y: 3 },
      { x: 0, y: 10 },
    ];
    expect([isInside(line, { x: 5, y: 2 }), isInside(line, { x: 1, y: 7 }), isInside(line, { x: 5, y: 7 })]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isInside([], { x: 0, y: 0 })).toBe(false);
  });

  test('are drawn in the colour of their group, faint beside selected ones, not at all where it is hidden', () => {
    const points = pointsOf([
      [-5, 0],
      [5, 0],
      [0, 5],
    ]);
    const red: Colour = [255, 0, 0];
    const blue: Colour = [0, 0, 255];
    const draw = (
      selected: readonly number[],
      colours: readonly (Colour | null)[],
    ): ((x: number, y: number) => number[]) => {
      const pixels = { data: new Uint8ClampedArray(4 * 20 * 20), width: 20, height: 20 };
      drawPoints(pixels, points, {
        view: { x: 0, y: 0, scale: 1 },
        look: {
          ...{ groups: Uint16Array.of(0, 1, 1), colours, radiusPx: 1, ring: [0, 255, 0] },
          ...{ isSelected: (row) => selected.includes(row), hasSelection: selected.length > 0 },
        },
      });
      return (x, y) => [...pixels.data.subarray(4 * ((y + 10) * 20 + x + 10)).subarray(0, 4)];
    };
    const plain = draw([], [red, blue]);
    expect([plain(-5, 0), plain(5, 0), plain(0, 0)]).toEqual([
      [255, 0, 0, 217],
      [0, 0, 255, 217],
      [0, 0, 0, 0],
    ]);
    expect(draw([], [red, null])(5, 0)).toEqual([0, 0, 0, 0]);
    const chosen = draw([0], [red, blue]);
    expect([chosen(-5, 0), chosen(-7, 0)[1], chosen(5, 0)[3]]).toEqual([[255, 0, 0, 255], 255, 56]);
  });
});

test('colours say the class or the split of an image', async () => {
  const { table, classes } = await tableOfClasses(['oak', null, 'elm']);
  const t = ((key: string) => key) as never;
  const byClass = mapGroups('class', { table, classes, judged: null, t });
  expect([0, 1, 2].map((row) => byClass.groups[byClass.groupOf(row)]?.name)).toEqual(['oak', 'images.noLabel', 'elm']);
  const bySplit = mapGroups('split', { table, classes, judged: null, t });
  expect(bySplit.groups.map(({ id }) => id)).toContain(bySplit.groups[bySplit.groupOf(0)]?.id);
  const byVerdict = mapGroups('verdict', { table, classes, judged: null, t });
  expect([0, 1, 2].map(byVerdict.groupOf)).toEqual([0, 0, 0]);
});
