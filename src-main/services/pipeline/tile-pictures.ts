import type { RgbImage } from '../../imaging/kernels/rgb-image.ts';

const gapPx = 2;
const widestRow = 5;

/** Pixels of red, green, blue and alpha. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** width × height × 4 values. */
  readonly data: Uint8Array;
}

/** How many pictures stand side by side: ten crops make two rows, of which the second is mirrored. */
export function gridColumns(count: number): number {
  return count > widestRow ? widestRow : Math.ceil(Math.sqrt(count));
}

/** Pictures of one size in rows, from left to right and from top to bottom, with nothing between them. */
export function tile(pictures: readonly [RgbImage, ...RgbImage[]]): Grid {
  const [{ width, height }] = pictures;
  const columns = gridColumns(pictures.length);
  const rows = Math.ceil(pictures.length / columns);
  const size = { width: columns * (width + gapPx) - gapPx, height: rows * (height + gapPx) - gapPx };
  const data = new Uint8Array(size.width * size.height * 4);
  for (const [index, picture] of pictures.entries()) {
    const left = (index % columns) * (width + gapPx);
    const top = Math.floor(index / columns) * (height + gapPx);
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      const target = ((top + Math.floor(pixel / width)) * size.width + left + (pixel % width)) * 4;
      data.set(picture.data.subarray(pixel * 3, pixel * 3 + 3), target);
      data[target + 3] = 255;
    }
  }
  return { ...size, data };
}
