import { coinSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Mirrors top and bottom with probability p. */
export const randomVerticalFlip = defineStepKind(coinSchema, {
  defaults: { p: 0.5 },
  group: 'geometry',
  isRandom: true,
});
