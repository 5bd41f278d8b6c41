import { flipHorizontally as flipPlainly } from '../kernels/flip.ts';
import type { RgbImage } from '../kernels/rgb-image.ts';
import { isFast, onPicture } from './on-picture.ts';

/** As the kernel of that name, by WebAssembly. */
export function flipHorizontally(image: RgbImage): RgbImage {
  const { width, height } = image;
  if (!isFast(image)) return flipPlainly(image);
  return onPicture(image, { size: { width, height } }, ({ kernels, source, other }) => {
    const target = other(source);
    kernels.mirrorRows(source, width, height, target);
    return target;
  });
}
