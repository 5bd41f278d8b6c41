import { adjustSharpness } from '../kernels/sharpness.ts';
import { definePictureStep, tossCoin } from '../step.ts';

/** Sharpens or smooths by a fixed factor with probability p. */
export const randomAdjustSharpnessStep = definePictureStep('RandomAdjustSharpness', {
  sample: ({ sharpness_factor: factor, p }, random) => ({ factor, isAdjusted: tossCoin({ p }, random) }),
  apply: (image, { factor, isAdjusted }) => (isAdjusted ? adjustSharpness(image, factor) : image),
  describe: ({ isAdjusted }) => ({ isAdjusted }),
});
