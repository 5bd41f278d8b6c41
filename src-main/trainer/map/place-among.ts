import type { Neighbours } from './nearest.ts';

/** Of its neighbours those that decide where a row lies: further ones may belong to another group, and the middle of two groups is in neither. */
const deciding = 5;

/**
 * Where rows lie among points that have their places: the mean of their nearest points' places, the nearer the heavier, as UMAP begins
 * with new points. `places` is row-major [points, 2], the answer [rows, 2].
 */
export function placeAmong({ indices, distances, count }: Neighbours, places: Float32Array): Float32Array {
  const rowCount = indices.length / count;
  const placed = new Float32Array(2 * rowCount);
  const taken = Math.min(deciding, count);
  for (let row = 0; row < rowCount; row += 1) {
    const start = row * count;
    const first = distances[start]!;
    let spread = 0;
    for (let at = 0; at < taken; at += 1) spread += (distances[start + at]! - first) / taken;
    let total = 0;
    for (let at = 0; at < taken; at += 1) {
      const weight = spread === 0 ? 1 : Math.exp((first - distances[start + at]!) / spread);
      const point = indices[start + at]!;
      placed[2 * row]! += weight * places[2 * point]!;
      placed[2 * row + 1]! += weight * places[2 * point + 1]!;
      total += weight;
    }
    placed[2 * row]! /= total;
    placed[2 * row + 1]! /= total;
  }
  return placed;
}
