import * as v from 'valibot';
import { fillSchema, interpolationSchema, magnitudeBinsSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Does a few operations, any of fourteen, all of one strength. */
export const randAugment = defineStepKind(
  v.pipe(
    v.strictObject({
      num_ops: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(14)),
      /** Which of the magnitudes, from 0. */
      magnitude: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
      num_magnitude_bins: magnitudeBinsSchema,
      interpolation: interpolationSchema,
      fill: fillSchema,
    }),
    v.readonly(),
  ),
  {
    defaults: { num_ops: 2, magnitude: 9, num_magnitude_bins: 31, interpolation: 'nearest', fill: 0 },
    group: 'policy',
    isRandom: true,
    badRanges: ({ magnitude, num_magnitude_bins: bins }) =>
      magnitude < bins ? [] : [{ field: 'magnitude', expected: '< num_magnitude_bins' }],
  },
);
