import * as v from 'valibot';
import { pairOf, reversedRanges } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

const oddSide = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(99),
  v.check((size) => size % 2 === 1, 'Expected ‹an odd number›'),
);
const deviation = v.pipe(v.number(), v.minValue(0.01), v.maxValue(100));

/** Blurs with a Gaussian of random width. */
export const gaussianBlur = defineStepKind(
  v.pipe(
    v.strictObject({
      /** Pixels that a pixel is mixed of: across and down alike, or [across, down]. */
      kernel_size: v.union([oddSide, pairOf(oddSide)]),
      /** Standard deviation in pixels, or the ends that it is drawn between. */
      sigma: v.union([deviation, pairOf(deviation)]),
    }),
    v.readonly(),
  ),
  {
    defaults: { kernel_size: 5, sigma: [0.1, 2] },
    group: 'color',
    isRandom: true,
    badRanges: ({ sigma }) => reversedRanges({ sigma }),
  },
);
