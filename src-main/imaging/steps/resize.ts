import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { resize } from '../fast/resize.ts';
import { resizedSize } from '../kernels/resized-size.ts';
import { checkPixelCount, definePictureStep } from '../step.ts';

/** Scales to a shorter side or to height and width. `antialias` changes nothing on pictures, as in torchvision. */
export const resizeStep = definePictureStep('Resize', {
  sample({ size, interpolation, max_size: maxSize }, _random, imageSize) {
    const sides = typeof size === 'number' ? [size] : size;
    if (maxSize !== null && (typeof size !== 'number' || maxSize <= size)) {
      throw new AppError('bad-input', say('maxSizeTooSmall', { size: sides.join(' × '), most: maxSize }));
    }
    const target = resizedSize(imageSize, sides, maxSize);
    if (target.width < 1 || target.height < 1) {
      throw new AppError('bad-input', say('sideVanishes', { width: imageSize.width, height: imageSize.height }));
    }
    checkPixelCount(target);
    return { ...target, interpolation };
  },
  apply: (image, { width, height, interpolation }) => resize(image, { width, height }, interpolation),
  describe: ({ width, height }) => ({ width, height }),
});
