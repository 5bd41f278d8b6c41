import * as v from 'valibot';
import { fillSchema, fourSides, paddingModeSchema, paddingSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Adds a border. */
export const pad = defineStepKind(
  v.pipe(v.strictObject({ padding: paddingSchema, fill: fillSchema, padding_mode: paddingModeSchema }), v.readonly()),
  {
    defaults: { padding: 4, fill: 0, padding_mode: 'constant' },
    group: 'size',
    sizeAfter({ padding }, before) {
      const [left, top, right, bottom] = fourSides(padding);
      return before === null ? null : [before[0] + top + bottom, before[1] + left + right];
    },
  },
);
