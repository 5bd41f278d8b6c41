import * as v from 'valibot';
import { centerSchema, degreesSchema, fillSchema, reversedRanges } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Turns by a random angle. */
export const randomRotation = defineStepKind(
  v.pipe(
    v.strictObject({
      /** Counter-clockwise. */
      degrees: degreesSchema,
      interpolation: v.picklist(['nearest', 'bilinear']),
      expand: v.boolean(),
      center: centerSchema,
      fill: fillSchema,
    }),
    v.readonly(),
  ),
  {
    defaults: { degrees: 15, interpolation: 'nearest', expand: false, center: null, fill: 0 },
    group: 'geometry',
    isRandom: true,
    sizeAfter: ({ expand }, before) => (expand ? null : before),
    badRanges: ({ degrees }) => reversedRanges({ degrees }),
  },
);
