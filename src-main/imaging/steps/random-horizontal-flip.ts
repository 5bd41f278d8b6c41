import { flipHorizontally } from '../fast/flip.ts';
import { definePictureStep, tossCoin } from '../step.ts';

/** Mirrors left and right with probability p. */
export const randomHorizontalFlipStep = definePictureStep('RandomHorizontalFlip', {
  sample: tossCoin,
  apply: (image, isFlipped) => (isFlipped ? flipHorizontally(image) : image),
  describe: (isFlipped) => ({ isFlipped }),
});
