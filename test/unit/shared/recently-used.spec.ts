import { describe, expect, it } from 'vitest';
import { RecentlyUsed } from '../../../src-shared/lib/recently-used.ts';

function filled(limitBytes: number, ...entries: readonly (readonly [key: string, bytes: number])[]) {
  const cache = new RecentlyUsed<string, string>(limitBytes);
  for (const [key, bytes] of entries) cache.set(key, key.toUpperCase(), bytes);
  return cache;
}

const keptOf = (cache: RecentlyUsed<string, string>, ...keys: readonly string[]): readonly string[] =>
  keys.filter((key) => cache.get(key) !== undefined);

describe('values that are kept up to a number of bytes', () => {
  it('are all there while they fit', () => {
    const cache = filled(10, ['a', 4], ['b', 6]);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['A', 'B', undefined]);
  });

  it('go in the order in which they were asked for last', () => {
    const cache = filled(10, ['a', 4], ['b', 4]);
    cache.get('a');
    cache.set('c', 'C', 4);
    expect(keptOf(cache, 'a', 'b', 'c')).toEqual(['a', 'c']);
  });

  it('go as many as it takes', () => {
    const cache = filled(10, ['a', 3], ['b', 3], ['c', 3], ['d', 8]);
    expect(keptOf(cache, 'a', 'b', 'c', 'd')).toEqual(['d']);
  });

  it('stay when newest, however large', () => {
    const cache = filled(10, ['a', 4], ['b', 99]);
    expect(keptOf(cache, 'a', 'b')).toEqual(['b']);
    cache.set('c', 'C', 1);
    expect(keptOf(cache, 'b', 'c')).toEqual(['c']);
  });

  it('count once when they are set again', () => {
    const cache = filled(10, ['a', 6], ['a', 4], ['b', 6]);
    expect(keptOf(cache, 'a', 'b')).toEqual(['a', 'b']);
  });
});
