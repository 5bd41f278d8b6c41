import type { LeafKind } from '../../src-shared/domain/pipeline/steps.ts';
import type { Step } from './step.ts';
import { augMixStep } from './steps/aug-mix.ts';
import { autoAugmentStep } from './steps/auto-augment.ts';
import { centerCropStep } from './steps/center-crop.ts';
import { colorJitterStep } from './steps/color-jitter.ts';
import { elasticTransformStep } from './steps/elastic-transform.ts';
import { fiveCropStep, flipViewsStep, tenCropStep } from './steps/views.ts';
import { gaussianBlurStep } from './steps/gaussian-blur.ts';
import { grayscaleStep } from './steps/grayscale.ts';
import { normalizeStep } from './steps/normalize.ts';
import { padStep } from './steps/pad.ts';
import { randAugmentStep } from './steps/rand-augment.ts';
import { randomAdjustSharpnessStep } from './steps/random-adjust-sharpness.ts';
import { randomAffineStep } from './steps/random-affine.ts';
import { randomAutocontrastStep } from './steps/random-autocontrast.ts';
import { randomCropStep } from './steps/random-crop.ts';
import { randomEqualizeStep } from './steps/random-equalize.ts';
import { randomErasingStep } from './steps/random-erasing.ts';
import { randomGrayscaleStep } from './steps/random-grayscale.ts';
import { randomHorizontalFlipStep } from './steps/random-horizontal-flip.ts';
import { randomInvertStep } from './steps/random-invert.ts';
import { randomPerspectiveStep } from './steps/random-perspective.ts';
import { randomPosterizeStep } from './steps/random-posterize.ts';
import { randomResizedCropStep } from './steps/random-resized-crop.ts';
import { randomRotationStep } from './steps/random-rotation.ts';
import { randomSolarizeStep } from './steps/random-solarize.ts';
import { randomVerticalFlipStep } from './steps/random-vertical-flip.ts';
import { resizeStep } from './steps/resize.ts';
import { toTensorStep } from './steps/to-tensor.ts';
import { trivialAugmentWideStep } from './steps/trivial-augment-wide.ts';

/** Every kind of step that holds no others. */
export const stepRegistry: { readonly [K in LeafKind]: Step<K> } = {
  Resize: resizeStep,
  CenterCrop: centerCropStep,
  RandomCrop: randomCropStep,
  RandomResizedCrop: randomResizedCropStep,
  Pad: padStep,
  RandomHorizontalFlip: randomHorizontalFlipStep,
  RandomVerticalFlip: randomVerticalFlipStep,
  RandomRotation: randomRotationStep,
  RandomAffine: randomAffineStep,
  RandomPerspective: randomPerspectiveStep,
  ElasticTransform: elasticTransformStep,
  ColorJitter: colorJitterStep,
  Grayscale: grayscaleStep,
  RandomGrayscale: randomGrayscaleStep,
  RandomInvert: randomInvertStep,
  RandomPosterize: randomPosterizeStep,
  RandomSolarize: randomSolarizeStep,
  RandomAutocontrast: randomAutocontrastStep,
  RandomEqualize: randomEqualizeStep,
  RandomAdjustSharpness: randomAdjustSharpnessStep,
  GaussianBlur: gaussianBlurStep,
  AutoAugment: autoAugmentStep,
  RandAugment: randAugmentStep,
  TrivialAugmentWide: trivialAugmentWideStep,
  AugMix: augMixStep,
  ToTensor: toTensorStep,
  Normalize: normalizeStep,
  RandomErasing: randomErasingStep,
  FiveCrop: fiveCropStep,
  TenCrop: tenCropStep,
  FlipViews: flipViewsStep,
};
