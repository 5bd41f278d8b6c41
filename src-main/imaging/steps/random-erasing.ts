import type { ResolvedParameters } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import { roundHalfToEven } from '../../../src-shared/lib/round-half-to-even.ts';
import { drawSides, mostTries } from '../area-draw.ts';
import type { CropBox } from '../kernels/crop.ts';
import type { ImageSize } from '../kernels/rgb-image.ts';
import { erase } from '../kernels/tensor.ts';
import { requireTensor, tossCoin, type Step } from '../step.ts';

interface Erasure {
  readonly box: CropBox;
  /** Red, green and blue in turn: three for all pixels, or three for each pixel of the box. */
  readonly values: ArrayLike<number>;
}

/** Erases a rectangle of random area and ratio with probability p; after ten that do not fit, nothing. */
export const randomErasingStep: Step<'RandomErasing'> = {
  kind: 'RandomErasing',
  draw(parameters, random, size) {
    const erasure = tossCoin(parameters, random) ? drawErasure(parameters, random, size) : null;
    return {
      facts: { isErased: erasure !== null, ...erasure?.box },
      apply(value) {
        const tensor = requireTensor(value, 'RandomErasing');
        return erasure ? { type: 'tensor', tensor: erase(tensor, erasure.box, erasure.values) } : value;
      },
    };
  },
};

function drawErasure(
  { scale, ratio, value }: ResolvedParameters['RandomErasing'],
  random: Random,
  from: ImageSize,
): Erasure | null {
  for (let attempt = 0; attempt < mostTries; attempt += 1) {
    // Here the ratio is height to width.
    const [height, width] = drawSides(random, { scale, ratio }, from).map(roundHalfToEven) as [number, number];
    if (height >= from.height || width >= from.width) continue;
    const values = valuesOf(value, random, height * width);
    const top = random.integer(from.height - height + 1);
    const left = random.integer(from.width - width + 1);
    return { box: { top, left, width, height }, values };
  }
  return null;
}

function valuesOf(
  value: ResolvedParameters['RandomErasing']['value'],
  random: Random,
  pixelCount: number,
): ArrayLike<number> {
  if (value === 'random') return Float32Array.from({ length: pixelCount * 3 }, () => random.normal());
  return typeof value === 'number' ? [value, value, value] : value;
}
