import { toGrayscale } from '../fast/color.ts';
import { definePictureStep } from '../step.ts';

/** Takes the colour away; the picture keeps three equal channels. */
export const grayscaleStep = definePictureStep('Grayscale', {
  sample: () => null,
  apply: toGrayscale,
  describe: () => ({}),
});
