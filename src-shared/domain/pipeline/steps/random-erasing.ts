import * as v from 'valibot';
import { areaShareSchema, probabilitySchema, ratioSchema, reversedRanges } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

const level = v.pipe(v.number(), v.minValue(-10), v.maxValue(10));
/** What an erased place gets, in the tensor's own numbers: one, [red, green, blue], or standard normal noise. */
export const erasingValueSchema = v.union([
  level,
  v.pipe(v.strictTuple([level, level, level]), v.readonly()),
  v.literal('random'),
]);

/** Erases a rectangle of random area and ratio at a random place of the tensor with probability p. */
export const randomErasing = defineStepKind(
  v.pipe(
    v.strictObject({
      p: probabilitySchema,
      scale: areaShareSchema,
      ratio: ratioSchema,
      value: erasingValueSchema,
    }),
    v.readonly(),
  ),
  {
    defaults: { p: 0.5, scale: [0.02, 0.33], ratio: [0.3, 3.3], value: 0 },
    group: 'tensor',
    isRandom: true,
    input: 'tensor',
    badRanges: ({ scale, ratio }) => reversedRanges({ scale, ratio }),
  },
);
