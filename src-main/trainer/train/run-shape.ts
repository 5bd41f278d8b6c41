import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { JobImage } from '../../jobs/trainer-protocol.ts';

/** How many images a run has of each split. */
export type SplitCounts = Readonly<Record<Split, number>>;

/** How much there is to do in a run that neither stops early nor finds anything in a cache. */
export interface RunShape {
  readonly headEpochs: number;
  /** Epochs of all parameters; 0 in feature extraction. */
  readonly wholeEpochs: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Passes of an image through frozen layers before anything trains: once for the head's features, once for the cached stages. */
  readonly featurePasses: number;
}

export function countSplits(images: readonly JobImage[]): SplitCounts {
  const count = (split: Split): number => images.filter((image) => image.split === split).length;
  return { training: count('training'), validation: count('validation'), test: count('test') };
}

/** What a run computes once and keeps. */
export interface CachedWork {
  /** Differently augmented versions of each training image. */
  readonly variantCount: number;
  /** Views of each judged image; 1 without test-time augmentation. */
  readonly viewCount: number;
  /** Whether fine-tuning's batches are cached output of the stages that do not learn. */
  readonly isStageCached: boolean;
}

/** The work that a recipe asks for. */
export function shapeOfRun(
  recipe: Recipe,
  counts: SplitCounts,
  { variantCount, viewCount, isStageCached }: CachedWork,
): RunShape {
  const isFineTuning = recipe.mode === 'fine-tuning';
  const headEpochs = isFineTuning ? recipe.headFirst.epochs : recipe.epochs;
  const wholeEpochs = isFineTuning ? recipe.epochs : 0;
  const passCount = (headEpochs > 0 ? 1 : 0) + (isStageCached ? 1 : 0);
  const stepsPerEpoch = Math.ceil(counts.training / recipe.batchSize);
  return {
    headEpochs,
    wholeEpochs,
    stepsPerEpoch,
    totalSteps: (headEpochs + wholeEpochs) * stepsPerEpoch,
    featurePasses: passCount * (counts.training * variantCount + counts.validation * viewCount),
  };
}
