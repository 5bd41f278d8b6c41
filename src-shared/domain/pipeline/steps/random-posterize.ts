import * as v from 'valibot';
import { probabilitySchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Keeps the highest bits of every value with probability p. */
export const randomPosterize = defineStepKind(
  v.pipe(
    v.strictObject({ bits: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8)), p: probabilitySchema }),
    v.readonly(),
  ),
  { defaults: { bits: 4, p: 0.5 }, group: 'color', isRandom: true },
);
