import { drawRandAugment } from '../policies/draws.ts';
import { definePolicyStep } from '../policies/policy-step.ts';

/** Does a few operations, each as likely as any other, all of one strength. */
export const randAugmentStep = definePolicyStep('RandAugment', drawRandAugment);
