import { gaussianBlur } from '../kernels/gaussian-blur.ts';
import { checkKernel, definePictureStep, drawBetween, toPair } from '../step.ts';

/** Blurs with a Gaussian whose width is drawn uniformly between two ends. */
export const gaussianBlurStep = definePictureStep('GaussianBlur', {
  sample({ kernel_size: kernel, sigma }, random, imageSize) {
    const kernelSize = toPair(kernel);
    checkKernel(kernelSize, imageSize);
    return { kernelSize, sigma: drawBetween(random, toPair(sigma), 'sigma') };
  },
  apply: (image, { kernelSize, sigma }) => gaussianBlur(image, { kernelSize, sigma: [sigma, sigma] }),
  describe: ({ sigma }) => ({ sigma }),
});
