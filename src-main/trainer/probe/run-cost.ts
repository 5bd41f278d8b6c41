import type { RunCost } from '../../../src-shared/domain/probe.ts';
import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';

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
  readonly counts: Readonly<Record<Split, number>>;
  /** Differently augmented versions of each training image. */
  readonly variantCount: number;
  readonly featureCount: number;
  readonly inputSize: number;
  readonly totalMemoryBytes: number;
}

/** Validation pixels are kept up to this size, features in memory too; see held-out.ts and feature-extractor.ts. */
const mostKeptPixelBytes = 512e6;
const mostFeatureBytes = 768e6;

/** A whole run by the recipe, from what a few of its images and steps took: nothing cached, no early stopping. */
export function estimateRunCost(measured: MeasuredCost, size: RunSize): RunCost {
  const { recipe, counts } = size;
  const isFineTuning = recipe.mode === 'fine-tuning';
  const stepsPerEpoch = Math.ceil(counts.training / recipe.batchSize);
  const headEpochs = isFineTuning ? recipe.headFirst.epochs : recipe.epochs;
  const wholeEpochs = isFineTuning ? recipe.epochs : 0;
  const featureImages = headEpochs > 0 ? counts.training * size.variantCount + counts.validation : 0;
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
    totalSteps: (headEpochs + wholeEpochs) * stepsPerEpoch,
    totalSeconds,
    peakMemoryBytes: measured.peakMemoryBytes + keptBytes(size, featureImages),
    totalMemoryBytes: size.totalMemoryBytes,
  };
}

/** What grows with the number of images and was not there when a few were measured. */
function keptBytes({ recipe, counts, featureCount, inputSize }: RunSize, featureImages: number): number {
  const features = Math.min(featureImages * featureCount * 4, mostFeatureBytes);
  const pixels = counts.validation * inputSize ** 2 * 3 * 4;
  return features + (recipe.mode === 'fine-tuning' && pixels <= mostKeptPixelBytes ? pixels : 0);
}
