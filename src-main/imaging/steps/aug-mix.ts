import { drawAugMix } from '../policies/draws.ts';
import { mixChains } from '../policies/mix.ts';
import { describeOperations } from '../policies/operation.ts';
import { toPlacing } from '../policies/policy-step.ts';
import { definePictureStep } from '../step.ts';

/** Mixes a picture with what chains of operations make of it, by shares that are drawn. */
export const augMixStep = definePictureStep('AugMix', {
  sample: (parameters, random, size) => ({
    mixture: drawAugMix(parameters, random, size),
    // torchvision applies AugMix to tensors even where it gets a PIL picture.
    placing: toPlacing(parameters, true),
  }),
  apply: (image, { mixture, placing }) => mixChains(image, mixture, placing),
  describe: ({ mixture }) => ({
    share: mixture.share,
    ...Object.fromEntries(
      mixture.chains.map(({ share, operations }, index) => [
        `chain ${String(index + 1)}`,
        `${share.toFixed(3)} × (${describeOperations(operations)})`,
      ]),
    ),
  }),
});
