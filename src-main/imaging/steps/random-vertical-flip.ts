import { flipVertically } from '../kernels/flip.ts';
import { definePictureStep, tossCoin } from '../step.ts';

/** Mirrors top and bottom with probability p. */
export const randomVerticalFlipStep = definePictureStep('RandomVerticalFlip', {
  sample: tossCoin,
  apply: (image, isFlipped) => (isFlipped ? flipVertically(image) : image),
  describe: (isFlipped) => ({ isFlipped }),
});
