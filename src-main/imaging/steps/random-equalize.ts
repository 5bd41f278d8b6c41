import { equalize } from '../kernels/tone.ts';
import { definePictureStep, tossCoin } from '../step.ts';

/** Spreads each channel so that all values are about equally frequent, with probability p. */
export const randomEqualizeStep = definePictureStep('RandomEqualize', {
  sample: tossCoin,
  apply: (image, isEqualized) => (isEqualized ? equalize(image) : image),
  describe: (isEqualized) => ({ isEqualized }),
});
