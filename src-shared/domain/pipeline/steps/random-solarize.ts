import * as v from 'valibot';
import { probabilitySchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Inverts every value from a threshold on with probability p. */
export const randomSolarize = defineStepKind(
  v.pipe(
    v.strictObject({ threshold: v.pipe(v.number(), v.minValue(0), v.maxValue(256)), p: probabilitySchema }),
    v.readonly(),
  ),
  { defaults: { threshold: 128, p: 0.5 }, group: 'color', isRandom: true },
);
