import * as v from 'valibot';
import { fillSchema, interpolationSchema } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

/** Does one of 25 pairs of operations that were found to be best on a dataset. */
export const autoAugment = defineStepKind(
  v.pipe(
    v.strictObject({
      /** The dataset that the pairs were searched on. */
      policy: v.picklist(['imagenet', 'cifar10', 'svhn']),
      interpolation: interpolationSchema,
      fill: fillSchema,
    }),
    v.readonly(),
  ),
  { defaults: { policy: 'imagenet', interpolation: 'nearest', fill: 0 }, group: 'policy', isRandom: true },
);
