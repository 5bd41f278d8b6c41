import { createRgbImage } from '../kernels/rgb-image.ts';
import type { RgbImage } from '../kernels/rgb-image.ts';
import type { DrawnMixture } from './draws.ts';
import { applyOperation, type DrawnOperation, type Placing } from './operation.ts';

/** Applies operations one after the other. */
export function applyOperations(image: RgbImage, drawn: readonly DrawnOperation[], placing: Placing): RgbImage {
  return drawn.reduce((made, operation) => applyOperation(made, operation, placing), image);
}

/** The weighted sum of the picture and of what each chain makes of it, in AugMix's 32-bit arithmetic, fractions cut off. */
export function mixChains(image: RgbImage, { share, chains }: DrawnMixture, placing: Placing): RgbImage {
  const sum = Float32Array.from(image.data, (value) => Math.fround(share) * value);
  for (const chain of chains) {
    const { data } = applyOperations(image, chain.operations, placing);
    const weight = Math.fround(chain.share);
    for (let at = 0; at < sum.length; at += 1) sum[at] = sum[at]! + Math.fround(weight * data[at]!);
  }
  const output = createRgbImage(image.width, image.height);
  for (let at = 0; at < sum.length; at += 1) output.data[at] = Math.trunc(sum[at]!);
  return output;
}
