import { coinSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Spreads each channel so that all values are about equally frequent with probability p. */
export const randomEqualize = defineStepKind(coinSchema, { defaults: { p: 0.5 }, group: 'color', isRandom: true });
