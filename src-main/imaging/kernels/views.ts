import { centerCrop, crop } from './crop.ts';
import { flipHorizontally, flipVertically } from './flip.ts';
import type { ImageSize, RgbImage } from './rgb-image.ts';

/**
 * torchvision's `five_crop`: upper left, upper right, lower left, lower right, middle. Throws a RangeError where a crop is larger than the
 * picture.
 */
export function fiveCrop(image: RgbImage, { width, height }: ImageSize): readonly RgbImage[] {
  const left = image.width - width;
  const top = image.height - height;
  if (left < 0 || top < 0) {
    throw new RangeError(
      `Expected ‹at most ${image.height} × ${image.width}› for ‹size›, received ‹${height} × ${width}›`,
    );
  }
  return [
    crop(image, { top: 0, left: 0, width, height }),
    crop(image, { top: 0, left, width, height }),
    crop(image, { top, left: 0, width, height }),
    crop(image, { top, left, width, height }),
    centerCrop(image, { width, height }),
  ];
}

/** torchvision's `ten_crop`: the five crops, then those of the picture mirrored left to right, or top to bottom. Throws as `fiveCrop`. */
export function tenCrop(image: RgbImage, size: ImageSize, isVertical: boolean): readonly RgbImage[] {
  return flipViews(image, isVertical).flatMap((view) => fiveCrop(view, size));
}

/** The picture, then the same mirrored left to right, or top to bottom. */
export function flipViews(image: RgbImage, isVertical: boolean): readonly RgbImage[] {
  return [image, isVertical ? flipVertically(image) : flipHorizontally(image)];
}
