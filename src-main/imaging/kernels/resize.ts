import { computeCoefficients } from './resample-coefficients.ts';
import { resampleColumns, resampleRows } from './resample-passes.ts';
import { createRgbImage } from './rgb-image.ts';
import type { ImageSize, Interpolation, RgbImage } from './rgb-image.ts';

/**
 * Scales a picture to exactly `size`, to the bit as Pillow 13's `Image.resize`.
 *
 * Two passes in 8 bits, each skipped where that side keeps its length. Their order and the rounding between them are
 * part of the result. Returns the picture itself when nothing changes.
 */
export function resize(image: RgbImage, size: ImageSize, interpolation: Interpolation): RgbImage {
  if (image.width === size.width && image.height === size.height) return image;
  if (interpolation === 'nearest') return resizeNearest(image, size);
  return areColumnsFirst(image, size)
    ? resizeWidth(resizeHeight(image, size.height, interpolation), size.width, interpolation)
    : resizeHeight(resizeWidth(image, size.width, interpolation), size.height, interpolation);
}

/** Pillow's rule since version 13: columns go first when the height loses over twice as many pixels as the width. */
export function areColumnsFirst(from: ImageSize, to: ImageSize): boolean {
  const lost = from.height - to.height;
  return lost > 0 && lost > (from.width - to.width) * 2;
}

function resizeWidth(image: RgbImage, width: number, interpolation: 'bilinear' | 'bicubic'): RgbImage {
  if (image.width === width) return image;
  return resampleRows(image, width, computeCoefficients(image.width, width, interpolation));
}

function resizeHeight(image: RgbImage, height: number, interpolation: 'bilinear' | 'bicubic'): RgbImage {
  if (image.height === height) return image;
  return resampleColumns(image, height, computeCoefficients(image.height, height, interpolation));
}

/** Pillow's `ImagingScaleAffine`: positions are summed up step by step, which decides ties as Pillow does. */
function resizeNearest(image: RgbImage, size: ImageSize): RgbImage {
  const output = createRgbImage(size.width, size.height);
  const columns = nearestPositions(image.width, size.width);
  const rows = nearestPositions(image.height, size.height);
  let target = 0;
  for (let y = 0; y < size.height; y += 1) {
    const rowStart = (rows[y] ?? 0) * image.width;
    for (let x = 0; x < size.width; x += 1) {
      const source = (rowStart + (columns[x] ?? 0)) * 3;
      output.data[target] = image.data[source] ?? 0;
      output.data[target + 1] = image.data[source + 1] ?? 0;
      output.data[target + 2] = image.data[source + 2] ?? 0;
      target += 3;
    }
  }
  return output;
}

function nearestPositions(inputLength: number, outputLength: number): Int32Array {
  const positions = new Int32Array(outputLength);
  const scale = inputLength / outputLength;
  let position = scale * 0.5;
  for (let index = 0; index < outputLength; index += 1) {
    positions[index] = Math.min(inputLength - 1, Math.trunc(position));
    position += scale;
  }
  return positions;
}
