import type { LeafKind } from '../../src-shared/domain/pipeline/steps.ts';
import type { Step } from './step.ts';
import { augMixStep } from './steps/aug-mix.ts';
import { autoAugmentStep } from './steps/auto-augment.ts';
import { centerCropStep } from './steps/center-crop.ts';
import { colorJitterStep } from './steps/color-jitter.ts';
import { normalizeStep } from './steps/normalize.ts';
import { padStep } from './steps/pad.ts';
import { randAugmentStep } from './steps/rand-augment.ts';
import { randomCropStep } from './steps/random-crop.ts';
import { randomGrayscaleStep } from './steps/random-grayscale.ts';
import { randomHorizontalFlipStep } from './steps/random-horizontal-flip.ts';
import { randomRotationStep } from './steps/random-rotation.ts';
import { randomVerticalFlipStep } from './steps/random-vertical-flip.ts';
import { resizeStep } from './steps/resize.ts';
import { toTensorStep } from './steps/to-tensor.ts';
import { trivialAugmentWideStep } from './steps/trivial-augment-wide.ts';

/** Every kind of step that holds no others. */
export const stepRegistry: { readonly [K in LeafKind]: Step<K> } = {
  Resize: resizeStep,
  RandomCrop: randomCropStep,
  RandomHorizontalFlip: randomHorizontalFlipStep,
  RandomVerticalFlip: randomVerticalFlipStep,
  RandomRotation: randomRotationStep,
  ColorJitter: colorJitterStep,
  RandomGrayscale: randomGrayscaleStep,
  Pad: padStep,
  CenterCrop: centerCropStep,
  AutoAugment: autoAugmentStep,
  RandAugment: randAugmentStep,
  TrivialAugmentWide: trivialAugmentWideStep,
  AugMix: augMixStep,
  ToTensor: toTensorStep,
  Normalize: normalizeStep,
};
