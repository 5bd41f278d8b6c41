import * as v from 'valibot';
import { probabilitySchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Sharpens or smooths by a fixed factor with probability p. */
export const randomAdjustSharpness = defineStepKind(
  v.pipe(
    v.strictObject({
      /** 0 smooths, 1 leaves the picture, more sharpens. */
      sharpness_factor: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
      p: probabilitySchema,
    }),
    v.readonly(),
  ),
  { defaults: { sharpness_factor: 2, p: 0.5 }, group: 'color', isRandom: true },
);
