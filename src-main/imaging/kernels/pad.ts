import { crop } from './crop.ts';
import { createFilledImage, createRgbImage } from './rgb-image.ts';
import type { Color, ImageSize, RgbImage } from './rgb-image.ts';

/** Pixels to add at each side; a negative number cuts. */
export interface Borders {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What the border shows: one colour, the edge pixel, or the mirrored picture without or with the edge pixel repeated. */
export type PadMode = 'constant' | 'edge' | 'reflect' | 'symmetric';

/** Reads torchvision's short forms: one number for all sides, two for left/right and top/bottom, four for l, t, r, b. */
export function bordersFrom(padding: readonly number[]): Borders {
  const [left = 0, top = left, right = left, bottom = top] = padding;
  return { left, top, right, bottom };
}

/** The size of a picture once it has these borders. */
export function paddedSize(size: ImageSize, { left, top, right, bottom }: Borders): ImageSize {
  return { width: size.width + left + right, height: size.height + top + bottom };
}

/** Adds borders as torchvision's `pad` does on PIL pictures; borders larger than the picture repeat it. */
export function pad(image: RgbImage, borders: Borders, mode: PadMode, fill: Color): RgbImage {
  if (mode === 'constant') return placeOn(image, borders, fill);
  const kept = cropNegative(image, borders);
  const left = Math.max(0, borders.left);
  const top = Math.max(0, borders.top);
  const width = kept.width + left + Math.max(0, borders.right);
  const height = kept.height + top + Math.max(0, borders.bottom);
  if (width === kept.width && height === kept.height) return kept;
  return fillByPosition(kept, {
    width,
    height,
    columns: sourcePositions(kept.width, width, left, mode),
    rows: sourcePositions(kept.height, height, top, mode),
  });
}

function cropNegative(image: RgbImage, borders: Borders): RgbImage {
  const left = Math.min(0, borders.left);
  const top = Math.min(0, borders.top);
  const width = image.width + left + Math.min(0, borders.right);
  const height = image.height + top + Math.min(0, borders.bottom);
  if (width === image.width && height === image.height) return image;
  return crop(image, { left: -left, top: -top, width, height });
}

/** The picture on a background of one colour, which may be all that is left where one side cuts more than there is. */
function placeOn(image: RgbImage, borders: Borders, fill: Color): RgbImage {
  const { width, height } = paddedSize(image, borders);
  if (width === image.width && height === image.height && borders.left === 0 && borders.top === 0) return image;
  const background = createFilledImage(width, height, fill);
  const { left, top } = borders;
  const [firstX, lastX] = [Math.max(0, -left), Math.min(image.width, width - left)];
  const [firstY, lastY] = [Math.max(0, -top), Math.min(image.height, height - top)];
  if (firstX >= lastX) return background;
  for (let y = firstY; y < lastY; y += 1) {
    const row = image.data.subarray((y * image.width + firstX) * 3, (y * image.width + lastX) * 3);
    background.data.set(row, ((y + top) * width + firstX + left) * 3);
  }
  return background;
}

interface Positions {
  readonly width: number;
  readonly height: number;
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

function fillByPosition(image: RgbImage, { width, height, columns, rows }: Positions): RgbImage {
  const output = createRgbImage(width, height);
  let target = 0;
  for (let y = 0; y < height; y += 1) {
    const rowStart = rows[y]! * image.width;
    for (let x = 0; x < width; x += 1) {
      const source = (rowStart + columns[x]!) * 3;
      output.data[target] = image.data[source]!;
      output.data[target + 1] = image.data[source + 1]!;
      output.data[target + 2] = image.data[source + 2]!;
      target += 3;
    }
  }
  return output;
}

function sourcePositions(
  inputLength: number,
  outputLength: number,
  before: number,
  mode: 'edge' | 'reflect' | 'symmetric',
): Int32Array {
  const last = inputLength - 1;
  // A line of one pixel has nothing to mirror without its edge; numpy repeats the edge there, and so do we.
  const isEdge = mode === 'edge' || (mode === 'reflect' && last === 0);
  const period = mode === 'reflect' ? 2 * last : 2 * inputLength;
  const mirror = mode === 'reflect' ? period : period - 1;
  return Int32Array.from({ length: outputLength }, (_, index) => {
    const position = index - before;
    if (isEdge) return Math.min(last, Math.max(0, position));
    const phase = ((position % period) + period) % period;
    return phase <= last ? phase : mirror - phase;
  });
}
