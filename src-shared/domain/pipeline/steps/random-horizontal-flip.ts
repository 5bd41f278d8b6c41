import { coinSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Mirrors left and right with probability p. */
export const randomHorizontalFlip = defineStepKind(coinSchema, {
  defaults: { p: 0.5 },
  group: 'geometry',
  isRandom: true,
});
