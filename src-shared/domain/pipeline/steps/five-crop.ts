import * as v from 'valibot';
import { sizeSchema, squareOf } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Cuts out the four corners and the middle: five views of one picture. */
export const fiveCrop = defineStepKind(v.pipe(v.strictObject({ size: sizeSchema }), v.readonly()), {
  defaults: { size: 'backbone' },
  group: 'views',
  viewCount: 5,
  sizeAfter: ({ size }, _before, inputSize) => squareOf(size, inputSize),
});
