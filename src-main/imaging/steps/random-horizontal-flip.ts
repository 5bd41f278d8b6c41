import { flipHorizontally } from '../kernels/flip.ts';
import { definePictureStep } from '../step.ts';

/** Mirrors left and right with probability p. */
export const randomHorizontalFlipStep = definePictureStep('RandomHorizontalFlip', {
  sample: ({ p }, random) => random.next() < p,
  apply: (image, isFlipped) => (isFlipped ? flipHorizontally(image) : image),
  describe: (isFlipped) => ({ isFlipped }),
});
