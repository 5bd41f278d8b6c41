import { roundHalfToEven } from '../../../src-shared/lib/round-half-to-even.ts';
import { createRgbImage } from './rgb-image.ts';
import type { ImageSize, RgbImage } from './rgb-image.ts';

/** Odd numbers of pixels, and standard deviations in pixels, along the width and along the height. */
export interface GaussianBlur {
  readonly kernelSize: readonly [number, number];
  readonly sigma: readonly [number, number];
}

/**
 * torchvision's `gaussian_blur`: a normalised Gaussian, mirrored without the edge at the borders, rounded half to even.
 *
 * In double precision along rows, then columns; torch sums all products in single precision, so that about one value in ten thousand, which
 * lies between two levels, falls to the other side.
 *
 * A kernel that reaches beyond the mirrored picture (half of it not less than the side) throws a RangeError, as torch does.
 */
export function gaussianBlur(image: RgbImage, blur: GaussianBlur): RgbImage {
  const output = createRgbImage(image.width, image.height);
  const values = blurValues({ ...image, channels: 3 }, blur);
  for (let at = 0; at < values.length; at += 1) output.data[at] = roundHalfToEven(values[at]!);
  return output;
}

/** Numbers row by row, `channels` for each pixel. */
export interface ValueGrid extends ImageSize {
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

/** As `gaussianBlur`, of any numbers and without rounding. */
export function blurValues(
  { width, height, channels, data }: ValueGrid,
  { kernelSize, sigma }: GaussianBlur,
): Float64Array {
  assertReach(kernelSize[0], width, 'width');
  assertReach(kernelSize[1], height, 'height');
  const across = new Float64Array(data.length);
  convolve(data, across, {
    weights: gaussian(kernelSize[0], sigma[0]),
    length: width,
    step: channels,
    lines: height * channels,
  });
  const both = new Float64Array(data.length);
  convolve(across, both, {
    weights: gaussian(kernelSize[1], sigma[1]),
    length: height,
    step: width * channels,
    lines: width * channels,
  });
  return both;
}

interface Lines {
  readonly weights: Float64Array;
  /** Pixels of a line, and how far one value is from the next. */
  readonly length: number;
  readonly step: number;
  readonly lines: number;
}

function convolve(input: ArrayLike<number>, output: Float64Array, { weights, length, step, lines }: Lines): void {
  const half = (weights.length - 1) / 2;
  for (let line = 0; line < lines; line += 1) {
    // Of `step` lines that begin side by side the next ones are `length` steps away: rows begin so by channels, columns all at once.
    const start = Math.floor(line / step) * length * step + (line % step);
    for (let at = 0; at < length; at += 1) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap += 1) {
        sum += weights[tap]! * input[start + mirror(at + tap - half, length) * step]!;
      }
      output[start + at * step] = sum;
    }
  }
}

function mirror(at: number, length: number): number {
  if (at < 0) return -at;
  return at < length ? at : 2 * (length - 1) - at;
}

function gaussian(size: number, sigma: number): Float64Array {
  const half = (size - 1) / 2;
  const heights = Float64Array.from({ length: size }, (_, index) => Math.exp(-0.5 * ((index - half) / sigma) ** 2));
  const sum = heights.reduce((total, height) => total + height, 0);
  return heights.map((height) => height / sum);
}

function assertReach(size: number, side: number, name: string): void {
  if ((size - 1) / 2 >= side)
    throw new RangeError(`Expected ‹a kernel of less than ${2 * side + 1}› along the ${name}, received ‹${size}›`);
}
