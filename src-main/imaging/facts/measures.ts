import type { RgbImage } from '../kernels/rgb-image.ts';
import type { Plane } from './shrink.ts';

/** How light a picture is; each 0 … 1. */
export interface LightFacts {
  /** Mean of luma. */
  readonly brightness: number;
  /** Standard deviation of luma. */
  readonly contrast: number;
  /** 99th percentile of luma: nothing much in the picture is lighter. */
  readonly highlight: number;
  /** 5th percentile of luma: nothing much in the picture is darker. */
  readonly shadow: number;
}

/** The percentiles are those by which CleanVision finds dark and light pictures. */
export function measureLight({ data }: Plane): LightFacts {
  const levels = new Uint32Array(256);
  let sum = 0;
  let squares = 0;
  for (const value of data) {
    sum += value;
    squares += value * value;
    const level = Math.round(value);
    levels[level] = (levels[level] ?? 0) + 1;
  }
  const mean = sum / data.length;
  return {
    brightness: mean / 255,
    contrast: Math.sqrt(Math.max(0, squares / data.length - mean * mean)) / 255,
    highlight: percentile(levels, 0.99 * data.length) / 255,
    shadow: percentile(levels, 0.05 * data.length) / 255,
  };
}

function percentile(levels: Uint32Array, rank: number): number {
  let seen = 0;
  for (const [level, count] of levels.entries()) {
    seen += count;
    if (seen >= rank) return level;
  }
  return levels.length - 1;
}

/**
 * Variance of the Laplacian of luma, in squared grey levels: small where no edge is sharp.
 *
 * Pech-Pacheco and others, "Diatom autofocusing in brightfield microscopy" (ICPR 2000); the 4-neighbour kernel of OpenCV's `Laplacian`.
 * Comparable only between pictures of about the same size. 0 for pictures without an inside.
 */
export function laplacianVariance({ width, height, data }: Plane): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const value =
        (data[at - 1] ?? 0) +
        (data[at + 1] ?? 0) +
        (data[at - width] ?? 0) +
        (data[at + width] ?? 0) -
        4 * (data[at] ?? 0);
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  return count === 0 ? 0 : Math.max(0, squares / count - (sum / count) ** 2);
}

/**
 * Colourfulness M3 by Hasler and Süsstrunk, "Measuring colourfulness in natural images" (2003): 0 for greys, 15 slightly, 33 moderately,
 * 59 quite, 82 highly colourful.
 */
export function colorfulness({ data }: RgbImage): number {
  const count = data.length / 3;
  let [sumRg, squaresRg, sumYb, squaresYb] = [0, 0, 0, 0];
  for (let offset = 0; offset < data.length; offset += 3) {
    const [red, green, blue] = [data[offset] ?? 0, data[offset + 1] ?? 0, data[offset + 2] ?? 0];
    const rg = red - green;
    const yb = (red + green) / 2 - blue;
    sumRg += rg;
    squaresRg += rg * rg;
    sumYb += yb;
    squaresYb += yb * yb;
  }
  const [meanRg, meanYb] = [sumRg / count, sumYb / count];
  const variance = Math.max(0, squaresRg / count - meanRg ** 2) + Math.max(0, squaresYb / count - meanYb ** 2);
  return Math.sqrt(variance) + 0.3 * Math.hypot(meanRg, meanYb);
}
