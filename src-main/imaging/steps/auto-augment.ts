import { drawAutoAugment } from '../policies/draws.ts';
import { definePolicyStep } from '../policies/policy-step.ts';

/** Does one of the pairs of operations that were found on a dataset, each operation with its own probability. */
export const autoAugmentStep = definePolicyStep('AutoAugment', drawAutoAugment);
