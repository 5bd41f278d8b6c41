import * as v from 'valibot';

const epochs = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10000));

/** How the learning rate changes over the epochs. */
export const scheduleSchema = v.variant('kind', [
  v.pipe(v.strictObject({ kind: v.literal('constant') }), v.readonly()),
  /** Multiplied by gamma after every stepSize epochs. */
  v.pipe(
    v.strictObject({
      kind: v.literal('step'),
      stepSize: epochs,
      gamma: v.pipe(v.number(), v.minValue(0.0001), v.maxValue(1)),
    }),
    v.readonly(),
  ),
  /** Half a cosine from the learning rate to 0 over all steps. */
  v.pipe(v.strictObject({ kind: v.literal('cosine') }), v.readonly()),
]);
export type Schedule = v.InferOutput<typeof scheduleSchema>;
