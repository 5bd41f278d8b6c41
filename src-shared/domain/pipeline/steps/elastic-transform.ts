import * as v from 'valibot';
import { fillSchema, pairOf } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

const strength = v.pipe(v.number(), v.minValue(0), v.maxValue(1000));
const deviation = v.pipe(v.number(), v.minValue(0.1), v.maxValue(100));

/** Pushes pixels about as through moving water. */
export const elasticTransform = defineStepKind(
  v.pipe(
    v.strictObject({
      /** Twice the greatest push in pixels before smoothing: for both, or [along x, along y]. */
      alpha: v.union([strength, pairOf(strength)]),
      /** Standard deviation in pixels of the smoothing of the pushes: for both, or [along x, along y]. */
      sigma: v.union([deviation, pairOf(deviation)]),
      interpolation: v.picklist(['nearest', 'bilinear']),
      fill: fillSchema,
    }),
    v.readonly(),
  ),
  {
    defaults: { alpha: 50, sigma: 5, interpolation: 'bilinear', fill: 0 },
    group: 'geometry',
    isRandom: true,
  },
);
