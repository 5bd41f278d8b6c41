import { centerCropBox, crop } from '../kernels/crop.ts';
import { checkPixelCount, definePictureStep, toCropSize } from '../step.ts';

/** Cuts the middle out; a picture that is too small gets black borders. */
export const centerCropStep = definePictureStep('CenterCrop', {
  sample({ size }, _random, imageSize) {
    const cropSize = toCropSize(size);
    checkPixelCount(cropSize);
    return centerCropBox(imageSize, cropSize);
  },
  apply: crop,
  describe: ({ left, top, width, height }) => ({ left, top, width, height }),
});
