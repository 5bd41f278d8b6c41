import { toGrayscale } from '../fast/color.ts';
import { definePictureStep, tossCoin } from '../step.ts';

/** Takes the colour away with probability p; the picture keeps three equal channels. */
export const randomGrayscaleStep = definePictureStep('RandomGrayscale', {
  sample: tossCoin,
  apply: (image, isGray) => (isGray ? toGrayscale(image) : image),
  describe: (isGray) => ({ isGray }),
});
