import type { Random } from '../../src-shared/lib/seeded-random.ts';
import type { ImageSize } from './kernels/rgb-image.ts';
import { drawBetween } from './step.ts';

/** How large a rectangle is to be: its area as a share of the picture's, and the ratio of one side to the other. */
export interface AreaRange {
  readonly scale: readonly [number, number];
  readonly ratio: readonly [number, number];
}

/** After so many rectangles that do not fit torchvision gives up. */
export const mostTries = 10;

/**
 * Draws an area uniformly and a ratio uniformly in its logarithm, and gives the sides √(area · ratio) and √(area / ratio) in pixels before
 * rounding, as `RandomResizedCrop` and `RandomErasing` do.
 */
export function drawSides(
  random: Random,
  { scale, ratio }: AreaRange,
  { width, height }: ImageSize,
): readonly [number, number] {
  const area = width * height * drawBetween(random, scale, 'scale');
  const sideRatio = Math.exp(drawBetween(random, [Math.log(ratio[0]), Math.log(ratio[1])], 'ratio'));
  return [Math.sqrt(area * sideRatio), Math.sqrt(area / sideRatio)];
}
