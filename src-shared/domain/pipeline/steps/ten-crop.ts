import * as v from 'valibot';
import { sizeSchema, squareOf } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** The five crops of FiveCrop, then the same five of the mirrored picture: ten views of one picture. */
export const tenCrop = defineStepKind(
  v.pipe(v.strictObject({ size: sizeSchema, vertical_flip: v.boolean() }), v.readonly()),
  {
    defaults: { size: 'backbone', vertical_flip: false },
    group: 'views',
    viewCount: 10,
    sizeAfter: ({ size }, _before, inputSize) => squareOf(size, inputSize),
  },
);
