import * as v from 'valibot';
import { fillSchema, interpolationSchema, magnitudeBinsSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Does one operation, any of fourteen, at any strength. */
export const trivialAugmentWide = defineStepKind(
  v.pipe(
    v.strictObject({
      num_magnitude_bins: magnitudeBinsSchema,
      interpolation: interpolationSchema,
      fill: fillSchema,
    }),
    v.readonly(),
  ),
  { defaults: { num_magnitude_bins: 31, interpolation: 'nearest', fill: 0 }, group: 'policy', isRandom: true },
);
