import * as v from 'valibot';
import { fillSchema, paddingModeSchema, paddingSchema, sizeSchema, squareOf } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Cuts a rectangle out at a random place. */
export const randomCrop = defineStepKind(
  v.pipe(
    v.strictObject({
      size: sizeSchema,
      padding: v.nullable(paddingSchema),
      pad_if_needed: v.boolean(),
      fill: fillSchema,
      padding_mode: paddingModeSchema,
    }),
    v.readonly(),
  ),
  {
    defaults: { size: 'backbone', padding: null, pad_if_needed: false, fill: 0, padding_mode: 'constant' },
    group: 'size',
    isRandom: true,
    sizeAfter: ({ size }, _before, inputSize) => squareOf(size, inputSize),
  },
);
