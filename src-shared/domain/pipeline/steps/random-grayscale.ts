import { coinSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Takes the colour away with probability p. */
export const randomGrayscale = defineStepKind(coinSchema, { defaults: { p: 0.1 }, group: 'color', isRandom: true });
