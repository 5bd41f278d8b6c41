import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { ImageSize } from '../kernels/rgb-image.ts';
import { fiveCrop, flipViews, tenCrop } from '../kernels/views.ts';
import { checkPixelCount, defineViewsStep, toCropSize } from '../step.ts';

/** The four corners and the middle. */
export const fiveCropStep = defineViewsStep('FiveCrop', (image, { size }) => {
  const cropSize = toCropSize(size);
  checkCrops(image, cropSize, 5);
  return fiveCrop(image, cropSize);
});

/** The four corners and the middle, then those of the mirrored picture. */
export const tenCropStep = defineViewsStep('TenCrop', (image, { size, vertical_flip: isVertical }) => {
  const cropSize = toCropSize(size);
  checkCrops(image, cropSize, 10);
  return tenCrop(image, cropSize, isVertical);
});

/** The picture and its mirror image. */
export const flipViewsStep = defineViewsStep('FlipViews', (image, { vertical_flip: isVertical }) => {
  checkTotal(image, 2);
  return flipViews(image, isVertical);
});

/** torchvision refuses crops that are larger than the picture, where its CenterCrop pads. */
function checkCrops({ width, height }: ImageSize, crop: ImageSize, count: number): void {
  if (crop.width > width || crop.height > height) {
    throw new AppError(
      'bad-input',
      say('cropTooLarge', { cropWidth: crop.width, cropHeight: crop.height, width, height }),
    );
  }
  checkTotal(crop, count);
}

/** All views are in memory at once. */
function checkTotal({ width, height }: ImageSize, count: number): void {
  checkPixelCount({ width, height: height * count });
}
