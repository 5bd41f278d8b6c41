import { flipVertically } from '../kernels/flip.ts';
import { definePictureStep } from '../step.ts';

/** Mirrors top and bottom with probability p. */
export const randomVerticalFlipStep = definePictureStep('RandomVerticalFlip', {
  sample: ({ p }, random) => random.next() < p,
  apply: (image, isFlipped) => (isFlipped ? flipVertically(image) : image),
  describe: (isFlipped) => ({ isFlipped }),
});
