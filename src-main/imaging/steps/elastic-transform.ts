import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import { drawDisplaced } from '../kernels/displacement.ts';
import { blurValues } from '../kernels/gaussian-blur.ts';
import type { ImageSize } from '../kernels/rgb-image.ts';
import { checkKernel, definePictureStep, toColor, toPair } from '../step.ts';

/** Pushes each pixel by uniform noise that a Gaussian has smoothed, along x and along y. */
export const elasticTransformStep = definePictureStep('ElasticTransform', {
  sample({ alpha, sigma, interpolation, fill }, random, size) {
    const deviations = toPair(sigma);
    const pushes = toPair(alpha).map((strength, axis) => {
      const kernel = kernelOf(deviations[axis]!);
      checkKernel([kernel, kernel], size);
      return drawPushes(random, size, { strength, kernel, sigma: deviations });
    });
    return { x: pushes[0]!, y: pushes[1]!, interpolation, fill: toColor(fill) };
  },
  apply: drawDisplaced,
  describe: ({ x, y }) => ({ mostX: largest(x), mostY: largest(y) }),
});

/** Eight standard deviations, made odd. */
function kernelOf(sigma: number): number {
  const size = Math.trunc(8 * sigma + 1);
  return size % 2 === 0 ? size + 1 : size;
}

interface Smoothing {
  readonly strength: number;
  readonly kernel: number;
  /** Along x and y; torchvision smooths both fields with both. */
  readonly sigma: readonly [number, number];
}

/** In pixels: torchvision's field is in halves of a side, of which there are two. */
function drawPushes(
  random: Random,
  { width, height }: ImageSize,
  { strength, kernel, sigma }: Smoothing,
): Float64Array {
  const noise = Float64Array.from({ length: width * height }, () => random.next() * 2 - 1);
  const smooth = blurValues({ width, height, channels: 1, data: noise }, { kernelSize: [kernel, kernel], sigma });
  return smooth.map((value) => (value * strength) / 2);
}

function largest(pushes: Float64Array): number {
  return pushes.reduce((most, push) => Math.max(most, Math.abs(push)), 0);
}
