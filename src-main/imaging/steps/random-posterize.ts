import { posterize } from '../kernels/tone.ts';
import { definePictureStep, tossCoin } from '../step.ts';

/** Keeps the highest bits of every value with probability p. */
export const randomPosterizeStep = definePictureStep('RandomPosterize', {
  sample: ({ bits, p }, random) => ({ bits, isPosterized: tossCoin({ p }, random) }),
  apply: (image, { bits, isPosterized }) => (isPosterized ? posterize(image, bits) : image),
  describe: ({ isPosterized }) => ({ isPosterized }),
});
