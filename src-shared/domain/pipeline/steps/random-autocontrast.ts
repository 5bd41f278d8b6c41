import { coinSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Stretches each channel to the whole range with probability p. */
export const randomAutocontrast = defineStepKind(coinSchema, { defaults: { p: 0.5 }, group: 'color', isRandom: true });
