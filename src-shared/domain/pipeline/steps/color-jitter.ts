import * as v from 'valibot';
import { pairOf, reversedRanges } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

const strength = v.pipe(v.number(), v.minValue(0), v.maxValue(10));
const hue = v.pipe(v.number(), v.minValue(-0.5), v.maxValue(0.5));
/** A jitter's strength s, meaning [max(0, 1 − s), 1 + s], or the two ends themselves. */
const jitterSchema = v.union([strength, pairOf(strength)]);
/** A hue shift's strength h in 0 … 0.5, meaning [−h, h] of a full turn, or the two ends themselves. */
const hueSchema = v.union([v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)), pairOf(hue)]);

/** Changes brightness, contrast, saturation and hue by random factors, in random order. */
export const colorJitter = defineStepKind(
  v.pipe(
    v.strictObject({ brightness: jitterSchema, contrast: jitterSchema, saturation: jitterSchema, hue: hueSchema }),
    v.readonly(),
  ),
  {
    defaults: { brightness: 0, contrast: 0, saturation: 0, hue: 0 },
    group: 'color',
    isRandom: true,
    badRanges: reversedRanges,
  },
);
