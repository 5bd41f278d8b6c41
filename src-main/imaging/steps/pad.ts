import { bordersFrom, pad, paddedSize } from '../kernels/pad.ts';
import { checkPixelCount, definePictureStep, toColor } from '../step.ts';

/** Adds a border of one colour, of the edge, or of the mirrored picture. */
export const padStep = definePictureStep('Pad', {
  sample({ padding, fill, padding_mode: mode }, _random, imageSize) {
    const borders = bordersFrom(typeof padding === 'number' ? [padding] : padding);
    checkPixelCount(paddedSize(imageSize, borders));
    return { borders, mode, fill: toColor(fill) };
  },
  apply: (image, { borders, mode, fill }) => pad(image, borders, mode, fill),
  describe: ({ borders: { left, top, right, bottom } }) => ({ left, top, right, bottom }),
});
