import type { NearPair } from './near-pairs.ts';

/** A chain of pictures, each like the next, can lead from anything to anything: groups larger than this are taken apart. */
const largestGroup = 50;

/**
 * Groups of places that pairs connect, at least two a group, ascending; groups come by their first place.
 *
 * A group with more than 50 places is connected anew by its closer pairs alone, until it is small enough or its pairs are equal.
 */
export function connectPairs(pairs: readonly NearPair[]): readonly (readonly number[])[] {
  const groups = connect(pairs).flatMap((group) => takeApart(group, pairs));
  return groups.toSorted(([a = 0], [b = 0]) => a - b);
}

/** Groups that share a place become one: ascending, each place once. */
export function mergeGroups(groups: Iterable<readonly number[]>): readonly (readonly number[])[] {
  const parents = new Map<number, number>();
  for (const group of groups) {
    const [first] = group;
    if (first !== undefined) for (const place of group) union(parents, first, place);
  }
  return collect(parents);
}

function takeApart(group: readonly number[], pairs: readonly NearPair[]): readonly (readonly number[])[] {
  if (group.length <= largestGroup) return [group];
  const members = new Set(group);
  const inside = pairs.filter(({ a, b }) => members.has(a) && members.has(b));
  const widest = inside.reduce((most, { distance }) => Math.max(most, distance), 0);
  if (widest === 0) return [group];
  const closer = inside.filter(({ distance }) => distance < widest);
  return connect(closer).flatMap((part) => takeApart(part, closer));
}

function connect(pairs: readonly NearPair[]): readonly (readonly number[])[] {
  const parents = new Map<number, number>();
  for (const { a, b } of pairs) union(parents, a, b);
  return collect(parents);
}

function union(parents: Map<number, number>, a: number, b: number): void {
  const [rootA, rootB] = [find(parents, a), find(parents, b)];
  parents.set(Math.max(rootA, rootB), Math.min(rootA, rootB));
}

/** Halves the way on its way. */
function find(parents: Map<number, number>, place: number): number {
  let at = place;
  for (;;) {
    const parent = parents.get(at);
    if (parent === undefined) parents.set(at, at);
    if (parent === undefined || parent === at) return at;
    const above = parents.get(parent) ?? parent;
    parents.set(at, above);
    at = above;
  }
}

function collect(parents: Map<number, number>): readonly (readonly number[])[] {
  const groups = Map.groupBy(
    [...parents.keys()].sort((a, b) => a - b),
    (place) => find(parents, place),
  );
  return [...groups.values()].filter((group) => group.length > 1);
}
