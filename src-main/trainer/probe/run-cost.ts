import type { RunCost } from '../../../src-shared/domain/probe.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { residentFeatureBytes } from '../train/feature-extractor.ts';
import { keptPixelBytes } from '../train/held-out.ts';
import { shapeOfRun, type SplitCounts } from '../train/run-shape.ts';

/** What was measured on a few images and steps. Seconds. */
export interface MeasuredCost {
  /** One image through the frozen backbone, decoding included. */
  readonly featuresPerImage: number;
  /** One image through the whole network in evaluation, decoding included. */
  readonly judgingPerImage: number;
  readonly headStep: number;
  /** One step over all parameters; 0 in feature extraction. */
  readonly wholeStep: number;
  /** Until the first image: engine, network, worker threads. */
  readonly start: number;
  readonly peakMemoryBytes: number;
}

interface RunSize {
  readonly recipe: Recipe;
  readonly counts: SplitCounts;
  /** Differently augmented versions of each training image. */
  readonly variantCount: number;
  readonly featureCount: number;
  readonly inputSize: number;
  readonly totalMemoryBytes: number;
}

/** A whole run by the recipe, from what a few of its images and steps took: nothing cached, no early stopping. */
export function estimateRunCost(measured: MeasuredCost, size: RunSize): RunCost {
  const { recipe, counts } = size;
  const isFineTuning = recipe.mode === 'fine-tuning';
  const shape = shapeOfRun(recipe, counts, size.variantCount);
  const { headEpochs, wholeEpochs, stepsPerEpoch, totalSteps, featureImages } = shape;
  const judgedImages = wholeEpochs * counts.validation + (isFineTuning ? counts.validation + counts.test : 0);
  const totalSeconds =
    measured.start +
    measured.featuresPerImage * (featureImages + (isFineTuning ? 0 : counts.test)) +
    measured.headStep * headEpochs * stepsPerEpoch +
    measured.wholeStep * wholeEpochs * stepsPerEpoch +
    measured.judgingPerImage * judgedImages;
  return {
    secondsPerStep: isFineTuning ? measured.wholeStep : measured.headStep,
    secondsPerImage: isFineTuning ? measured.judgingPerImage : measured.featuresPerImage,
    totalSteps,
    totalSeconds,
    peakMemoryBytes: measured.peakMemoryBytes + keptBytes(size, featureImages),
    totalMemoryBytes: size.totalMemoryBytes,
  };
}

/** What grows with the number of images and was not there when a few were measured. */
function keptBytes({ recipe, counts, featureCount, inputSize }: RunSize, featureImages: number): number {
  const features = Math.min(featureImages * featureCount * 4, residentFeatureBytes);
  const pixels = counts.validation * inputSize ** 2 * 3 * 4;
  return features + (recipe.mode === 'fine-tuning' && pixels <= keptPixelBytes ? pixels : 0);
}
