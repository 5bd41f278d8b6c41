import * as v from 'valibot';
import { rgbSchema, type Rgb } from '../backbone.ts';
import { imageIdSchema } from '../ids.ts';

/** What an evaluation list does to the sizes of a project's images. */
export const sizeHintsSchema = v.pipe(
  v.strictObject({
    imageCount: v.number(),
    /** Mean share of an image's area, 0 … 1, that never reaches the network. */
    meanLost: v.number(),
    /** The images that lose most, most first; `box` is what remains: [left, top, width, height] in their own pixels. */
    mostLost: v.pipe(
      v.array(
        v.pipe(
          v.strictObject({
            imageId: imageIdSchema,
            lost: v.number(),
            box: v.pipe(v.strictTuple([v.number(), v.number(), v.number(), v.number()]), v.readonly()),
          }),
          v.readonly(),
        ),
      ),
      v.readonly(),
    ),
    /** Images of which fewer pixels are seen than the network has, so that they are scaled up. */
    enlargedCount: v.number(),
  }),
  v.readonly(),
);
export type SizeHints = v.InferOutput<typeof sizeHintsSchema>;

/** Mean and standard deviation of each channel over pixels in [0, 1], as Normalize takes them. */
export const pixelStatisticsSchema = v.pipe(
  v.strictObject({ imageCount: v.number(), mean: rgbSchema, std: rgbSchema }),
  v.readonly(),
);
export type PixelStatistics = v.InferOutput<typeof pixelStatisticsSchema>;

/**
 * True when images with these statistics come out of Normalize about as the backbone knows them: each channel's mean within half a standard
 * deviation of 0, its spread between half and one and a half.
 */
export function fitsNormalize(
  measured: Pick<PixelStatistics, 'mean' | 'std'>,
  { mean, std }: { readonly mean: Rgb; readonly std: Rgb },
): boolean {
  return measured.mean.every((value, channel) => {
    const spread = std[channel] ?? 1;
    const ratio = (measured.std[channel] ?? 0) / spread;
    return Math.abs(value - (mean[channel] ?? 0)) <= 0.5 * spread && ratio >= 0.5 && ratio <= 1.5;
  });
}
