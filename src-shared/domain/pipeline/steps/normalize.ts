import * as v from 'valibot';
import { rgbSchema } from '../../backbone.ts';
import { defineStepKind } from './step-kind.ts';

/** Where Normalize takes mean and std from; they are for pixels in [0, 1]. */
export const statisticsSchema = v.union([
  v.literal('backbone'),
  v.literal('imagenet'),
  v.pipe(v.strictObject({ mean: rgbSchema, std: rgbSchema }), v.readonly()),
]);
export type Statistics = v.InferOutput<typeof statisticsSchema>;

/** Subtracts the mean of each channel and divides by its spread. */
export const normalize = defineStepKind(v.pipe(v.strictObject({ statistics: statisticsSchema }), v.readonly()), {
  defaults: { statistics: 'backbone' },
  group: 'tensor',
  input: 'tensor',
});
