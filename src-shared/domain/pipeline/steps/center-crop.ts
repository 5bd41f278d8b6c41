import * as v from 'valibot';
import { sizeSchema, squareOf } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Cuts the middle out. */
export const centerCrop = defineStepKind(v.pipe(v.strictObject({ size: sizeSchema }), v.readonly()), {
  defaults: { size: 'backbone' },
  group: 'size',
  sizeAfter: ({ size }, _before, inputSize) => squareOf(size, inputSize),
});
