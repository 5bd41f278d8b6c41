import { precisionBits } from './resample-coefficients.ts';
import type { ResampleCoefficients } from './resample-coefficients.ts';
import { createRgbImage } from './rgb-image.ts';
import type { RgbImage } from './rgb-image.ts';

// These loops run for every preview and every training batch. They address the typed arrays with numbers that
// computeCoefficients keeps in range; Math.imul and `| 0` hold the sums in 32-bit integers.

/** Half a unit: makes the final shift round. */
const half = 1 << (precisionBits - 1);
const fewTaps = 4;

/** Changes the width only, to the bit as Pillow's `ImagingResampleHorizontal_8bpc`. */
export function resampleRows(image: RgbImage, outputWidth: number, coefficients: ResampleCoefficients): RgbImage {
  const isShort = coefficients.counts.every((count) => count <= fewTaps) && image.width >= fewTaps;
  return isShort
    ? resampleRowsUnrolled(image, outputWidth, coefficients)
    : resampleRowsByLoop(image, outputWidth, coefficients);
}

/** One output pixel from exactly four neighbours, some without weight: twice as fast as the loop. */
function resampleRowsUnrolled(image: RgbImage, outputWidth: number, coefficients: ResampleCoefficients): RgbImage {
  const { starts, weights } = alignToFourTaps(coefficients, image.width);
  const output = createRgbImage(outputWidth, image.height);
  const target = output.data;
  let written = 0;
  for (let y = 0; y < image.height; y += 1) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    for (let x = 0; x < outputWidth; x += 1) {
      const read = starts[x]! * 3;
      const w0 = weights[x * 4]!;
      const w1 = weights[x * 4 + 1]!;
      const w2 = weights[x * 4 + 2]!;
      const w3 = weights[x * 4 + 3]!;
      const red =
        half +
        Math.imul(row[read]!, w0) +
        Math.imul(row[read + 3]!, w1) +
        Math.imul(row[read + 6]!, w2) +
        Math.imul(row[read + 9]!, w3);
      const green =
        half +
        Math.imul(row[read + 1]!, w0) +
        Math.imul(row[read + 4]!, w1) +
        Math.imul(row[read + 7]!, w2) +
        Math.imul(row[read + 10]!, w3);
      const blue =
        half +
        Math.imul(row[read + 2]!, w0) +
        Math.imul(row[read + 5]!, w1) +
        Math.imul(row[read + 8]!, w2) +
        Math.imul(row[read + 11]!, w3);
      target[written] = clampToByte(red >> precisionBits);
      target[written + 1] = clampToByte(green >> precisionBits);
      target[written + 2] = clampToByte(blue >> precisionBits);
      written += 3;
    }
  }
  return output;
}

/** Moves windows that would reach beyond the right edge to the left, shifting their weights along. */
function alignToFourTaps(
  { starts, counts, weights, stride }: ResampleCoefficients,
  inputLength: number,
): Pick<ResampleCoefficients, 'starts' | 'weights'> {
  const aligned = new Int32Array(starts.length * fewTaps);
  const alignedStarts = starts.map((start) => Math.min(start, inputLength - fewTaps));
  for (let output = 0; output < starts.length; output += 1) {
    const shift = starts[output]! - alignedStarts[output]!;
    const window = weights.subarray(output * stride, output * stride + counts[output]!);
    aligned.set(window, output * fewTaps + shift);
  }
  return { starts: alignedStarts, weights: aligned };
}

/** One output pixel from any number of neighbours: strong shrinking, and pictures under four pixels wide. */
function resampleRowsByLoop(image: RgbImage, outputWidth: number, coefficients: ResampleCoefficients): RgbImage {
  const { starts, counts, weights, stride } = coefficients;
  const output = createRgbImage(outputWidth, image.height);
  const source = image.data;
  const target = output.data;
  let written = 0;
  for (let y = 0; y < image.height; y += 1) {
    const rowStart = y * image.width * 3;
    for (let x = 0; x < outputWidth; x += 1) {
      let read = rowStart + starts[x]! * 3;
      let weightIndex = x * stride;
      const weightEnd = weightIndex + counts[x]!;
      let red = half;
      let green = half;
      let blue = half;
      for (; weightIndex < weightEnd; weightIndex += 1) {
        const weight = weights[weightIndex]!;
        red = (red + Math.imul(source[read]!, weight)) | 0;
        green = (green + Math.imul(source[read + 1]!, weight)) | 0;
        blue = (blue + Math.imul(source[read + 2]!, weight)) | 0;
        read += 3;
      }
      target[written] = clampToByte(red >> precisionBits);
      target[written + 1] = clampToByte(green >> precisionBits);
      target[written + 2] = clampToByte(blue >> precisionBits);
      written += 3;
    }
  }
  return output;
}

/** Changes the height only, to the bit as Pillow's `ImagingResampleVertical_8bpc`. */
export function resampleColumns(image: RgbImage, outputHeight: number, coefficients: ResampleCoefficients): RgbImage {
  const { starts, counts, weights, stride } = coefficients;
  const output = createRgbImage(image.width, outputHeight);
  const rowLength = image.width * 3;
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < outputHeight; y += 1) {
    sums.fill(half);
    for (let tap = 0; tap < counts[y]!; tap += 4) {
      addFourRows(sums, image, starts[y]! + tap, weights.subarray(y * stride + tap, (y + 1) * stride));
    }
    const written = y * rowLength;
    for (let x = 0; x < rowLength; x += 1) output.data[written + x] = clampToByte(sums[x]! >> precisionBits);
  }
  return output;
}

/** Four rows at a time keep the sums in registers; rows beyond the last one have no weight and may be read twice. */
function addFourRows(sums: Int32Array, image: RgbImage, firstRow: number, weights: Int32Array): void {
  const source = image.data;
  const rowLength = sums.length;
  const lastStart = source.length - rowLength;
  const start0 = firstRow * rowLength;
  const start1 = Math.min(lastStart, start0 + rowLength);
  const start2 = Math.min(lastStart, start1 + rowLength);
  const start3 = Math.min(lastStart, start2 + rowLength);
  const [weight0 = 0, weight1 = 0, weight2 = 0, weight3 = 0] = weights;
  for (let x = 0; x < rowLength; x += 1) {
    const upper = (Math.imul(source[start0 + x]!, weight0) + Math.imul(source[start1 + x]!, weight1)) | 0;
    const lower = (Math.imul(source[start2 + x]!, weight2) + Math.imul(source[start3 + x]!, weight3)) | 0;
    sums[x] = (sums[x]! + upper + lower) | 0;
  }
}

function clampToByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
