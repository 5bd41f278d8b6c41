import * as v from 'valibot';
import { areaShareSchema, interpolationSchema, ratioSchema, reversedRanges, sizeSchema, squareOf } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Cuts a rectangle of random area and ratio out at a random place, and scales it. */
export const randomResizedCrop = defineStepKind(
  v.pipe(
    v.strictObject({
      size: sizeSchema,
      scale: areaShareSchema,
      ratio: ratioSchema,
      interpolation: interpolationSchema,
      antialias: v.boolean(),
    }),
    v.readonly(),
  ),
  {
    defaults: { size: 'backbone', scale: [0.08, 1], ratio: [3 / 4, 4 / 3], interpolation: 'bilinear', antialias: true },
    group: 'size',
    isRandom: true,
    sizeAfter: ({ size }, _before, inputSize) => squareOf(size, inputSize),
    badRanges: ({ scale, ratio }) => reversedRanges({ scale, ratio }),
  },
);
