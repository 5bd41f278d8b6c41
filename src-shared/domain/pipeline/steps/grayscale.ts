import * as v from 'valibot';
import { defineStepKind } from './step-kind.ts';

/** Takes the colour away; backbones read three channels, so three equal ones stay. */
export const grayscale = defineStepKind(v.pipe(v.strictObject({ num_output_channels: v.literal(3) }), v.readonly()), {
  defaults: { num_output_channels: 3 },
  group: 'color',
});
