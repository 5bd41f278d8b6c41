import { coinSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Makes the negative with probability p. */
export const randomInvert = defineStepKind(coinSchema, { defaults: { p: 0.5 }, group: 'color', isRandom: true });
