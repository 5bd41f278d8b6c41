import { UMAP } from 'umap-js';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import type { Neighbours } from './nearest.ts';

/** As many as umap-learn takes: fewer show more detail, more show larger groups. */
export const neighbourCount = 15;
const minDistance = 0.1;
/** How far out the first places lie, as in umap-learn. */
const startExtent = 10;

interface LayOutOptions {
  /** Row-major [points, 2]: places to begin from, which decide what lies where at large (Kobak and Linderman, 2021). */
  readonly start: Float32Array;
  readonly seed: number | string;
  /** Called after each round with the share that is done; false ends it. */
  readonly onRound: (share: number) => Promise<boolean>;
}

/**
 * Lays points out in the plane so that neighbours stay neighbours: UMAP (McInnes, Healy and Melville, 2018) on given neighbours, of which each
 * point is its own first. Row-major [points, 2]; null when it was ended. The same neighbours, start and seed give the same places.
 */
export async function layOut(
  { count: nNeighbors, indices, distances }: Neighbours,
  { start, seed, onRound }: LayOutOptions,
): Promise<Float32Array | null> {
  const count = start.length / 2;
  const random = createRandom(seed);
  const umap = new UMAP({ nComponents: 2, nNeighbors, minDist: minDistance, random: () => random.next() });
  umap.setPrecomputedKNN(toRows(indices, nNeighbors), toRows(distances, nNeighbors));
  // What the points are, only their neighbours tell.
  const rounds = umap.initializeFit(Array.from({ length: count }, () => []));
  const places = umap.getEmbedding();
  const extent = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  places.forEach((place, point) => {
    for (const axis of [0, 1]) {
      // A little noise parts points that are the same.
      place[axis] = (start[2 * point + axis]! * startExtent) / extent + random.normal() * 1e-4;
    }
  });
  for (let round = 0; round < rounds; round += 1) {
    umap.step();
    if (!(await onRound((round + 1) / rounds))) return null;
  }
  return Float32Array.from(umap.getEmbedding().flat());
}

function toRows(values: Int32Array | Float32Array, length: number): number[][] {
  return Array.from({ length: values.length / length }, (_, row) => [
    ...values.subarray(row * length, (row + 1) * length),
  ]);
}
