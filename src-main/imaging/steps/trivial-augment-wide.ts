import { drawTrivialAugmentWide } from '../policies/draws.ts';
import { definePolicyStep } from '../policies/policy-step.ts';

/** Does one operation, each as likely as any other and so each of its strengths. */
export const trivialAugmentWideStep = definePolicyStep('TrivialAugmentWide', drawTrivialAugmentWide);
