import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

const rounds = 20;

/**
 * Where rows lie in the plane in which they vary most: row-major [rows, 2], the first two principal components, by power iteration on the
 * rows. Each component's largest part is positive, so that the same rows always lie the same way round.
 *
 * `fitted` rows decide the plane, all `rows` are projected; both row-major with `length` numbers.
 */
export function principalPlane(rows: Float32Array, fitted: Float32Array, length: number): Float32Array {
  const mean = meanOf(fitted, length);
  const axes: Float64Array[] = [];
  for (let axis = 0; axis < 2; axis += 1) axes.push(findAxis(fitted, mean, axes));
  const count = rows.length / length;
  const plane = new Float32Array(2 * count);
  for (let row = 0; row < count; row += 1) {
    axes.forEach((axis, at) => void (plane[2 * row + at] = along(rows, row * length, mean, axis)));
  }
  return plane;
}

/** The direction of the greatest variance that is at right angles to the others. */
function findAxis(rows: Float32Array, mean: Float64Array, others: readonly Float64Array[]): Float64Array {
  const length = mean.length;
  const random = createRandom(`axis/${String(others.length)}`);
  let axis = unit(
    Float64Array.from(mean, () => random.normal()),
    others,
  );
  for (let round = 0; round < rounds; round += 1) {
    const next = new Float64Array(length);
    for (let start = 0; start < rows.length; start += length) {
      const amount = along(rows, start, mean, axis);
      for (let at = 0; at < length; at += 1) next[at]! += amount * (rows[start + at]! - mean[at]!);
    }
    axis = unit(next, others);
  }
  const largest = axis.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0);
  return largest < 0 ? axis.map((part) => -part) : axis;
}

function along(rows: Float32Array, start: number, mean: Float64Array, axis: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < axis.length; at += 1) sum += (rows[start + at]! - mean[at]!) * axis[at]!;
  return sum;
}

/** Of length 1 and at right angles to the others; all zero where nothing is left. */
function unit(vector: Float64Array, others: readonly Float64Array[]): Float64Array {
  for (const other of others) {
    const share = dot(vector, other);
    for (let at = 0; at < vector.length; at += 1) vector[at]! -= share * other[at]!;
  }
  const size = Math.sqrt(dot(vector, vector));
  return size < 1e-12 ? vector.fill(0) : vector.map((part) => part / size);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += a[at]! * b[at]!;
  return sum;
}

function meanOf(rows: Float32Array, length: number): Float64Array {
  const mean = new Float64Array(length);
  const count = Math.max(1, rows.length / length);
  for (let start = 0; start < rows.length; start += length) {
    for (let at = 0; at < length; at += 1) mean[at]! += rows[start + at]! / count;
  }
  return mean;
}
