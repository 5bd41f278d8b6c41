/** A place on a chart: x in steps, y in the chart's unit. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** One line of a chart. */
export interface Curve {
  readonly name: 'train' | 'val' | 'raw' | 'a' | 'b';
  readonly points: readonly CurvePoint[];
}

/** At most `count` points that keep the extremes of each stretch, so that a long run draws as fast as a short one. */
export function thin(points: readonly CurvePoint[], count: number): readonly CurvePoint[] {
  if (points.length <= count) return points;
  const stretch = Math.ceil((2 * points.length) / count);
  const kept: CurvePoint[] = [];
  for (let start = 0; start < points.length; start += stretch) {
    const part = points.slice(start, start + stretch);
    const low = part.reduce((a, b) => (b.y < a.y ? b : a));
    const high = part.reduce((a, b) => (b.y > a.y ? b : a));
    kept.push(...(low.x <= high.x ? [low, high] : [high, low]));
  }
  return kept;
}

/** Round numbers from 0 to `most` for an axis, about `count` of them. */
export function ticks(most: number, count: number): readonly number[] {
  if (!(most > 0)) return [0];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
}
