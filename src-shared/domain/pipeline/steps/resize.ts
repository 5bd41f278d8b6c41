import * as v from 'valibot';
import { interpolationSchema, sideSchema, sizeSchema, squareOf } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Scales to a shorter side, or to height and width. */
export const resize = defineStepKind(
  v.pipe(
    v.strictObject({
      /** One number: the shorter side gets it and the ratio stays. */
      size: sizeSchema,
      interpolation: interpolationSchema,
      /** Upper bound of the longer side in pixels when size is one number. */
      max_size: v.nullable(sideSchema),
      antialias: v.boolean(),
    }),
    v.readonly(),
  ),
  {
    defaults: { size: 'backbone', interpolation: 'bilinear', max_size: null, antialias: true },
    group: 'size',
    sizeAfter({ size }, before, inputSize) {
      // One number keeps the ratio, so the longer side depends on the image.
      return typeof size === 'object' || (before !== null && before[0] === before[1])
        ? squareOf(size, inputSize)
        : null;
    },
    badRanges({ size, max_size: maxSize }) {
      const isBad = maxSize !== null && (typeof size === 'object' || (typeof size === 'number' && maxSize <= size));
      return isBad ? [{ field: 'max_size', expected: '> size' }] : [];
    },
  },
);
