import type { LearningRatePoint } from '../../../src-shared/domain/probe.ts';

/** The drawing's size in pixels. */
export interface Plot {
  readonly width: number;
  readonly height: number;
}

/** From the first rate of a search to its last, by powers of ten. */
const [firstPower, lastPower] = [-7, 1];
export const ratePowers: readonly number[] = [-7, -5, -3, -1, 1];

/** Where a rate lies from left to right, by its logarithm. */
export function placeRate(rate: number, { width }: Plot): number {
  return ((Math.log10(rate) - firstPower) / (lastPower - firstPower)) * width;
}

/** The smoothed losses as points of an SVG polyline; the drawing ends a little above where the curve began, far below its last rise. */
export function searchPoints(points: readonly LearningRatePoint[], plot: Plot): string {
  const losses = points.map(({ smoothedLoss }) => smoothedLoss);
  const least = Math.min(...losses);
  const most = Math.max((losses[0] ?? 1) + ((losses[0] ?? 1) - least) * 0.25, least + 1e-6);
  return points
    .map(({ learningRate, smoothedLoss }) => {
      const share = (Math.min(smoothedLoss, most) - least) / (most - least);
      return `${placeRate(learningRate, plot).toFixed(1)},${(4 + (1 - share) * (plot.height - 8)).toFixed(1)}`;
    })
    .join(' ');
}
