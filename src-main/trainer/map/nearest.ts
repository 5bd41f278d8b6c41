/** The points nearest to each of some rows, nearest first: row-major [rows, neighbours]. */
export interface Neighbours {
  /** Neighbours a row. */
  readonly count: number;
  readonly indices: Int32Array;
  /** 1 − cosine; never below 0. */
  readonly distances: Float32Array;
}

/**
 * Of row-major cosines [rows, points] the `count` nearest points of each row. A row that is itself point `selfOf(row)` has it first, at
 * distance 0; of equally near ones the lower index comes first.
 */
export function nearest(
  cosines: Float32Array,
  pointCount: number,
  { count, selfOf = () => -1 }: { readonly count: number; readonly selfOf?: (row: number) => number },
): Neighbours {
  const rowCount = cosines.length / pointCount;
  const indices = new Int32Array(rowCount * count);
  const distances = new Float32Array(rowCount * count);
  for (let row = 0; row < rowCount; row += 1) {
    const own = selfOf(row);
    const start = row * count;
    let found = 0;
    for (let point = 0; point < pointCount; point += 1) {
      const distance = point === own ? -1 : Math.max(0, 1 - cosines[row * pointCount + point]!);
      if (found === count && distance >= distances[start + count - 1]!) continue;
      let at = start + Math.min(found, count - 1);
      for (; at > start && distances[at - 1]! > distance; at -= 1) {
        distances[at] = distances[at - 1]!;
        indices[at] = indices[at - 1]!;
      }
      distances[at] = distance;
      indices[at] = point;
      if (found < count) found += 1;
    }
    if (own !== -1) distances[start] = 0;
  }
  return { count, indices, distances };
}

/** Every row divided by its length, in place, so that scalar products are cosines; a row of zeros stays. */
export function toUnitLength(rows: Float32Array, length: number): void {
  for (let start = 0; start < rows.length; start += length) {
    let squares = 0;
    for (let at = start; at < start + length; at += 1) squares += rows[at]! * rows[at]!;
    if (squares === 0) continue;
    const factor = 1 / Math.sqrt(squares);
    for (let at = start; at < start + length; at += 1) rows[at]! *= factor;
  }
}
