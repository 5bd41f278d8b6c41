import { aroundOne, aroundZero, type Ends } from '../../../src-shared/domain/pipeline/steps/fields.ts';
import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import { changeColors, type ColorChange } from '../fast/color.ts';
import { isFast } from '../fast/on-picture.ts';
import { adjustBrightness, adjustContrast, adjustSaturation } from '../kernels/color.ts';
import { adjustHue } from '../kernels/hue.ts';
import type { RgbImage } from '../kernels/rgb-image.ts';
import { definePictureStep, drawBetween } from '../step.ts';

const adjustments = [
  { name: 'brightness', apply: adjustBrightness },
  { name: 'contrast', apply: adjustContrast },
  { name: 'saturation', apply: adjustSaturation },
  { name: 'hue', apply: adjustHue },
] as const;

/** Changes brightness, contrast, saturation and hue by random factors, in random order; a strength of 0 does nothing. */
export const colorJitterStep = definePictureStep('ColorJitter', {
  sample({ brightness, contrast, saturation, hue }, random): readonly ColorChange[] {
    const order = random.permutation(adjustments.length);
    const factors = [
      drawFactor(random, aroundOne(brightness), { neutral: 1, field: 'brightness' }),
      drawFactor(random, aroundOne(contrast), { neutral: 1, field: 'contrast' }),
      drawFactor(random, aroundOne(saturation), { neutral: 1, field: 'saturation' }),
      drawFactor(random, aroundZero(hue), { neutral: 0, field: 'hue' }),
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
export function adjustColors(image: RgbImage, drawn: readonly ColorChange[]): RgbImage {
  if (drawn.length > 0 && isFast(image)) return changeColors(image, drawn);
  return drawn.reduce(
    (adjusted, { name, factor }) =>
      adjustments.find((adjustment) => adjustment.name === name)?.apply(adjusted, factor) ?? adjusted,
    image,
  );
}

/**
 * Null means "leave it": a hue shift of 0 would still round every pixel through bytes of hue and saturation. It is drawn all the same,
 * so that turning one strength on leaves what the others draw.
 */
function drawFactor(
  random: Random,
  ends: Ends,
  { neutral, field }: { readonly neutral: number; readonly field: string },
): number | null {
  const factor = drawBetween(random, ends, field);
  return ends.every((end) => end === neutral) ? null : factor;
}
