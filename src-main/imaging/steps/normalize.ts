import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { normalize } from '../kernels/tensor.ts';
import { requireTensor } from '../step.ts';
import type { Step } from '../step.ts';

/** Shifts and scales each channel by mean and standard deviation. */
export const normalizeStep: Step<'Normalize'> = {
  kind: 'Normalize',
  draw({ mean, std }) {
    if (std.some((value) => !(Math.fround(value) > 0))) {
      throw new AppError('bad-input', say('notAboveZero', { received: std.join(', ') }));
    }
    return {
      facts: {},
      apply: (value) => ({ type: 'tensor', tensor: normalize(requireTensor(value, 'Normalize'), mean, std) }),
    };
  },
};
