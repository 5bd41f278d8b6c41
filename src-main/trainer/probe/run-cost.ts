import type { RunCost } from '../../../src-shared/domain/probe.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { cachedLayerOf, type StageCache } from '../../../src-shared/domain/stage-cache.ts';
import { residentFeatureBytes } from '../train/feature-extractor.ts';
import { keptPixelBytes } from '../train/held-out.ts';
import { shapeOfRun, type SplitCounts } from '../train/run-shape.ts';

/** What was measured on a few images and steps. Seconds. */
export interface MeasuredCost {
  /** One view of an image through the frozen backbone, decoding included. */
  readonly featuresPerImage: number;
  /** One image, with all its views, through the whole network in evaluation, decoding included. */
  readonly judgingPerImage: number;
  readonly headStep: number;
  /** One step over all parameters; 0 in feature extraction. */
  readonly wholeStep: number;
  /** Until the first image: engine, network, worker threads. */
  readonly start: number;
  readonly peakMemoryBytes: number;
  /** What the batch that was asked for would take without what grows with the images; null where it was measured. */
  readonly neededMemoryBytes: number | null;
}

/** How much there is to do, and where. */
export interface RunSize {
  /** With the batch size that was measured. */
  readonly recipe: Recipe;
  readonly counts: SplitCounts;
  /** Differently augmented versions of each training image. */
  readonly variantCount: number;
  /** Views of each judged image; 1 without test-time augmentation. */
  readonly viewCount: number;
  readonly featureCount: number;
  readonly inputSize: number;
  /** What was free when the measurement began. */
  readonly availableMemoryBytes: number;
  readonly totalMemoryBytes: number;
  readonly stageCache: StageCache | null;
}

/** A whole run by the recipe, from what a few of its images and steps took: nothing cached, no early stopping. */
export function estimateRunCost(measured: MeasuredCost, size: RunSize): RunCost {
  const { recipe, counts, variantCount, viewCount } = size;
  const isFineTuning = recipe.mode === 'fine-tuning';
  const isStageCached = cachedLayerOf(size.stageCache) !== null;
  const shape = shapeOfRun(recipe, counts, { variantCount, viewCount, isStageCached });
  const { headEpochs, wholeEpochs, stepsPerEpoch, totalSteps, featurePasses } = shape;
  const judgedImages = wholeEpochs * counts.validation + (isFineTuning ? counts.validation + counts.test : 0);
  const totalSeconds =
    measured.start +
    measured.featuresPerImage * (featurePasses + (isFineTuning && !isStageCached ? 0 : counts.test * viewCount)) +
    measured.headStep * headEpochs * stepsPerEpoch +
    measured.wholeStep * wholeEpochs * stepsPerEpoch +
    measured.judgingPerImage * judgedImages;
  return {
    secondsPerStep: isFineTuning ? measured.wholeStep : measured.headStep,
    secondsPerImage: isFineTuning ? measured.judgingPerImage : measured.featuresPerImage * viewCount,
    totalSteps,
    totalSeconds,
    batchSize: recipe.batchSize,
    neededMemoryBytes: measured.neededMemoryBytes === null ? null : measured.neededMemoryBytes + keptBytes(size),
    peakMemoryBytes: measured.peakMemoryBytes + keptBytes(size),
    availableMemoryBytes: size.availableMemoryBytes,
    totalMemoryBytes: size.totalMemoryBytes,
    stageCache: size.stageCache,
  };
}

/** What grows with the number of images and was not there when a few were measured. */
export function keptBytes(size: RunSize): number {
  const { recipe, counts, variantCount, viewCount, featureCount, inputSize, stageCache } = size;
  const headEpochs = recipe.mode === 'fine-tuning' ? recipe.headFirst.epochs : recipe.epochs;
  const headBytes =
    headEpochs > 0 ? (counts.training * variantCount + counts.validation * viewCount) * featureCount * 4 : 0;
  if (stageCache?.kind === 'used') return Math.min(Math.max(headBytes, stageCache.bytes), residentFeatureBytes);
  const pixelBytes = counts.validation * viewCount * inputSize ** 2 * 3 * 4;
  const keptPixels = recipe.mode === 'fine-tuning' && pixelBytes <= keptPixelBytes ? pixelBytes : 0;
  return Math.min(headBytes, residentFeatureBytes) + keptPixels;
}
