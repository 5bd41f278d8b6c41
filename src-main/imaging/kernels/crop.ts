import { roundHalfToEven } from '../../../src-shared/lib/round-half-to-even.ts';
import { createRgbImage } from './rgb-image.ts';
import type { ImageSize, RgbImage } from './rgb-image.ts';

/** A rectangle of whole pixels; it may reach beyond the picture. */
export interface CropBox extends ImageSize {
  readonly top: number;
  readonly left: number;
}

/** Cuts a rectangle out; what lies outside the picture is black, as in PIL. */
export function crop(image: RgbImage, box: CropBox): RgbImage {
  const output = createRgbImage(box.width, box.height);
  const firstColumn = Math.max(0, box.left);
  const lastColumn = Math.min(image.width, box.left + box.width);
  if (firstColumn >= lastColumn) return output;
  const firstRow = Math.max(0, box.top);
  const lastRow = Math.min(image.height, box.top + box.height);
  for (let y = firstRow; y < lastRow; y += 1) {
    const start = (y * image.width + firstColumn) * 3;
    const end = (y * image.width + lastColumn) * 3;
    const target = ((y - box.top) * box.width + firstColumn - box.left) * 3;
    output.data.set(image.data.subarray(start, end), target);
  }
  return output;
}

/** Where torchvision's `center_crop` puts its rectangle, black borders included for a picture that is too small. */
export function centerCropBox(image: ImageSize, size: ImageSize): CropBox {
  return {
    left: centerOffset(image.width, size.width),
    top: centerOffset(image.height, size.height),
    width: size.width,
    height: size.height,
  };
}

/** Cuts the middle out as torchvision's `center_crop`, padding with black first where the picture is too small. */
export function centerCrop(image: RgbImage, size: ImageSize): RgbImage {
  return crop(image, centerCropBox(image, size));
}

/** Half a pixel goes to the even side when cutting (Python's `round`), and to the right or bottom when padding. */
function centerOffset(inputLength: number, outputLength: number): number {
  if (outputLength > inputLength) return -Math.floor((outputLength - inputLength) / 2);
  return roundHalfToEven((inputLength - outputLength) / 2);
}
