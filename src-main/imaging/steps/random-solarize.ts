import { solarize } from '../kernels/tone.ts';
import { definePictureStep, tossCoin } from '../step.ts';

/** Inverts every value from the threshold on, with probability p. */
export const randomSolarizeStep = definePictureStep('RandomSolarize', {
  sample: ({ threshold, p }, random) => ({ threshold, isSolarized: tossCoin({ p }, random) }),
  apply: (image, { threshold, isSolarized }) => (isSolarized ? solarize(image, threshold) : image),
  describe: ({ isSolarized }) => ({ isSolarized }),
});
