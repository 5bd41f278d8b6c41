import { invert } from '../kernels/tone.ts';
import { definePictureStep, tossCoin } from '../step.ts';

/** Makes the negative with probability p. */
export const randomInvertStep = definePictureStep('RandomInvert', {
  sample: tossCoin,
  apply: (image, isInverted) => (isInverted ? invert(image) : image),
  describe: (isInverted) => ({ isInverted }),
});
