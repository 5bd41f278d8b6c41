import { rotate } from '../kernels/rotate.ts';
import { checkPixelCount, definePictureStep, toColor } from '../step.ts';

/** Turns by an angle drawn uniformly between two ends, in degrees counter-clockwise. */
export const randomRotationStep = definePictureStep('RandomRotation', {
  sample({ degrees, interpolation, expand, center, fill }, random, imageSize) {
    const [low, high] = typeof degrees === 'number' ? [-degrees, degrees] : degrees;
    if (expand) {
      const diagonal = Math.ceil(Math.hypot(imageSize.width, imageSize.height));
      checkPixelCount({ width: diagonal, height: diagonal });
    }
    return { angle: random.uniform(low, high), interpolation, isExpanded: expand, center, fill: toColor(fill) };
  },
  apply: rotate,
  describe: ({ angle }) => ({ angle }),
});
