import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { adjustBrightness, adjustContrast, adjustSaturation } from '../kernels/color.ts';
import { adjustHue } from '../kernels/hue.ts';
import type { RgbImage } from '../kernels/rgb-image.ts';
import { definePictureStep } from '../step.ts';

const adjustments = [
  { name: 'brightness', apply: adjustBrightness },
  { name: 'contrast', apply: adjustContrast },
  { name: 'saturation', apply: adjustSaturation },
  { name: 'hue', apply: adjustHue },
] as const;

/** One adjustment that was drawn; `factor` as the kernels take it. */
export interface DrawnAdjustment {
  readonly name: (typeof adjustments)[number]['name'];
  readonly factor: number;
}

/** Changes brightness, contrast, saturation and hue by random factors, in random order; a strength of 0 does nothing. */
export const colorJitterStep = definePictureStep('ColorJitter', {
  sample({ brightness, contrast, saturation, hue }, random): readonly DrawnAdjustment[] {
    const order = random.permutation(adjustments.length);
    const factors = [
      drawFactor(random, rangeAround(brightness, 1, 'brightness'), 1),
      drawFactor(random, rangeAround(contrast, 1, 'contrast'), 1),
      drawFactor(random, rangeAround(saturation, 1, 'saturation'), 1),
      drawFactor(random, rangeAround(hue, 0, 'hue'), 0),
    ];
    return order.flatMap((index) => {
      const factor = factors[index] ?? null;
      return factor === null ? [] : [{ name: adjustments[index]!.name, factor }];
    });
  },
  apply: adjustColors,
  describe: (drawn) => ({
    ...Object.fromEntries(drawn.map(({ name, factor }) => [name, factor])),
    ...(drawn.length > 1 && { order: drawn.map(({ name }) => name).join(', ') }),
  }),
});

/** Applies adjustments one after the other. */
export function adjustColors(image: RgbImage, drawn: readonly DrawnAdjustment[]): RgbImage {
  return drawn.reduce(
    (adjusted, { name, factor }) =>
      adjustments.find((adjustment) => adjustment.name === name)?.apply(adjusted, factor) ?? adjusted,
    image,
  );
}

/** The ends that torchvision makes of a strength; factors around 1 do not go below 0. */
function rangeAround(
  value: number | readonly [number, number],
  center: 0 | 1,
  name: string,
): readonly [number, number] {
  const [low, high] = typeof value === 'number' ? [center - value, center + value] : value;
  if (low > high) throw new AppError('bad-input', say('rangeReversed', { field: name, low, high }));
  return [center === 1 ? Math.max(0, low) : low, high];
}

/**
 * Null means "leave it": a hue shift of 0 would still round every pixel through bytes of hue and saturation. It is drawn all the same,
 * so that turning one strength on leaves what the others draw.
 */
function drawFactor(random: Random, [low, high]: readonly [number, number], center: 0 | 1): number | null {
  const factor = random.uniform(low, high);
  return low === center && high === center ? null : factor;
}
