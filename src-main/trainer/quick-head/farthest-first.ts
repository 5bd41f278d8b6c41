/**
 * Picks points one by one, each the farthest from all centres and all picked before it: k-center greedy (Sener and Savarese, ICLR 2018).
 *
 * `points` and `centres` are row-major with `length` numbers a row; the answer is indices of points, at most `count`. Without centres it begins
 * with the point that is farthest from the mean. Of equals the lower index.
 */
export function farthestFirst(
  {
    points,
    centres,
    length,
  }: { readonly points: Float32Array; readonly centres: Float32Array; readonly length: number },
  count: number,
): readonly number[] {
  const pointCount = points.length / length;
  const distances = new Float32Array(pointCount).fill(Number.POSITIVE_INFINITY);
  const approach = (centre: Float32Array): void => {
    for (let point = 0; point < pointCount; point += 1) {
      let sum = 0;
      for (let at = 0, from = point * length; at < length; at += 1, from += 1)
        sum += (points[from]! - centre[at]!) ** 2;
      if (sum < distances[point]!) distances[point] = sum;
    }
  };
  if (centres.length === 0) approach(meanOf(points, length));
  for (let start = 0; start < centres.length; start += length) approach(centres.subarray(start, start + length));
  const picked: number[] = [];
  while (picked.length < Math.min(count, pointCount)) {
    let farthest = 0;
    for (let point = 1; point < pointCount; point += 1) if (distances[point]! > distances[farthest]!) farthest = point;
    picked.push(farthest);
    approach(points.subarray(farthest * length, (farthest + 1) * length));
    distances[farthest] = -1;
  }
  return picked;
}

function meanOf(points: Float32Array, length: number): Float32Array {
  const mean = new Float32Array(length);
  const count = Math.max(1, points.length / length);
  for (let at = 0; at < points.length; at += 1) mean[at % length]! += points[at]! / count;
  return mean;
}
