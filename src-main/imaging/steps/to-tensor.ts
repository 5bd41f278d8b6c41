import { toTensor } from '../kernels/tensor.ts';
import { requirePicture } from '../step.ts';
import type { Step } from '../step.ts';

/** Turns the picture into numbers in [0, 1]. */
export const toTensorStep: Step<'ToTensor'> = {
  kind: 'ToTensor',
  draw: () => ({
    facts: {},
    apply: (value) => ({ type: 'tensor', tensor: toTensor(requirePicture(value, 'ToTensor')) }),
  }),
};
