import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectPairs, mergeGroups } from '../../../../src-main/services/quality/connect.ts';

describe('groups of near copies', () => {
  it('connects what pairs connect, by their first places', () => {
    const pairs = [
      { a: 4, b: 9, distance: 2 },
      { a: 1, b: 2, distance: 4 },
      { a: 2, b: 7, distance: 0 },
    ];
    expect(connectPairs(pairs)).toEqual([
      [1, 2, 7],
      [4, 9],
    ]);
  });

  it('takes a long chain apart at its weakest links, and leaves equal pictures together', () => {
    const chain = Array.from({ length: 99 }, (_, a) => ({ a, b: a + 1, distance: a % 20 === 19 ? 10 : 2 }));
    expect(connectPairs(chain).map((group) => group.length)).toEqual([20, 20, 20, 20, 20]);
    const copies = Array.from({ length: 99 }, (_, index) => ({ a: 0, b: index + 1, distance: 0 }));
    expect(connectPairs(copies).map((group) => group.length)).toEqual([100]);
  });

  it('merges groups that share a place, so that each place is in one', () => {
    const group = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 15 }), (groups) => {
        const merged = mergeGroups(groups);
        const places = merged.flat();
        expect(new Set(places).size).toBe(places.length);
        for (const one of groups.filter((each) => new Set(each).size > 1)) {
          expect(merged.filter((each) => one.every((place) => each.includes(place)))).toHaveLength(1);
        }
      }),
    );
  });
});
