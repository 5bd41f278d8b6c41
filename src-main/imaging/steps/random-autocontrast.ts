import { autocontrast } from '../kernels/tone.ts';
import { definePictureStep, tossCoin } from '../step.ts';

/** Stretches each channel to the whole range with probability p. */
export const randomAutocontrastStep = definePictureStep('RandomAutocontrast', {
  sample: tossCoin,
  apply: (image, isStretched) => (isStretched ? autocontrast(image) : image),
  describe: (isStretched) => ({ isStretched }),
});
