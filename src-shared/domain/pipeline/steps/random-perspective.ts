import * as v from 'valibot';
import { fillSchema, interpolationSchema, probabilitySchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Moves the corners inwards by random amounts with probability p, as if seen from another side. */
export const randomPerspective = defineStepKind(
  v.pipe(
    v.strictObject({
      /** How far a corner goes at most, as a share of half a side. */
      distortion_scale: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
      p: probabilitySchema,
      interpolation: interpolationSchema,
      fill: fillSchema,
    }),
    v.readonly(),
  ),
  {
    defaults: { distortion_scale: 0.5, p: 0.5, interpolation: 'bilinear', fill: 0 },
    group: 'geometry',
    isRandom: true,
  },
);
