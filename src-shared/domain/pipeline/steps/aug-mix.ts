import * as v from 'valibot';
import { fillSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Mixes a picture with a few that chains of operations make of it. */
export const augMix = defineStepKind(
  v.pipe(
    v.strictObject({
      /** How many of the ten magnitudes can be drawn, from the weakest. */
      severity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)),
      mixture_width: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)),
      /** Operations in a chain; −1 draws one to three. */
      chain_depth: v.pipe(
        v.number(),
        v.integer(),
        v.minValue(-1),
        v.maxValue(10),
        v.check((depth) => depth !== 0, 'Expected ‹-1 or at least 1› for ‹chain_depth›'),
      ),
      alpha: v.pipe(v.number(), v.minValue(0.01), v.maxValue(100)),
      all_ops: v.boolean(),
      interpolation: v.picklist(['nearest', 'bilinear']),
      fill: fillSchema,
    }),
    v.readonly(),
  ),
  {
    defaults: {
      severity: 3,
      mixture_width: 3,
      chain_depth: -1,
      alpha: 1,
      all_ops: true,
      interpolation: 'bilinear',
      fill: 0,
    },
    group: 'policy',
    isRandom: true,
  },
);
