import type { ImageSize } from './rgb-image.ts';

/**
 * The size that torchvision's `Resize` makes: one number is the shorter side and keeps the proportions (the longer side
 * is cut off to whole pixels), two numbers are height and width.
 *
 * `maxSize` caps the longer side and may only go with one number; the shorter side of a thin picture can then become 0.
 */
export function resizedSize(from: ImageSize, size: readonly number[], maxSize: number | null): ImageSize {
  const [first = 0, second] = size;
  if (second !== undefined) return { width: second, height: first };
  const short = Math.min(from.width, from.height);
  const long = Math.max(from.width, from.height);
  let newShort = first;
  let newLong = Math.trunc((first * long) / short);
  if (maxSize !== null && newLong > maxSize) {
    newShort = Math.trunc((maxSize * newShort) / newLong);
    newLong = maxSize;
  }
  return from.width <= from.height ? { width: newShort, height: newLong } : { width: newLong, height: newShort };
}
