import { aroundZero } from '../../../src-shared/domain/pipeline/steps/fields.ts';
import { rotate } from '../kernels/rotate.ts';
import { checkPixelCount, definePictureStep, drawBetween, toColor } from '../step.ts';

/** Turns by an angle drawn uniformly between two ends, in degrees counter-clockwise. */
export const randomRotationStep = definePictureStep('RandomRotation', {
  sample({ degrees, interpolation, expand, center, fill }, random, imageSize) {
    if (expand) {
      const diagonal = Math.ceil(Math.hypot(imageSize.width, imageSize.height));
      checkPixelCount({ width: diagonal, height: diagonal });
    }
    return {
      angle: drawBetween(random, aroundZero(degrees), 'degrees'),
      interpolation,
      isExpanded: expand,
      center,
      fill: toColor(fill),
    };
  },
  apply: rotate,
  describe: ({ angle }) => ({ angle }),
});
