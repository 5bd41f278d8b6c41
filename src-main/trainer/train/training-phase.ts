import type { LearningRatePlan } from '../../../src-shared/domain/recipe/learning-rate.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import type { NetworkWeights, WeightName } from '../../network/weights.ts';
import type { TrainingExecutor, TrainingPlan } from '../executors/executor.ts';
import type { JobLink } from '../job-link.ts';
import type { Optimizer } from '../optimizers.ts';
import type { TensorFlow } from '../tensorflow.ts';
import type { WeightAverage } from '../weight-average.ts';
import type { BatchSource } from './batches.ts';
import type { KeptModel } from './best-model.ts';
import type { ExplosionWatch } from './divergence.ts';
import type { Objective } from './objective.ts';
import type { MetricLog } from './metric-log.ts';
import type { ProgressClock } from './progress-clock.ts';

/** One part of a training: what learns, from what, for how long. */
export interface TrainingPhase {
  readonly phase: 'head' | 'all';
  readonly epochs: number;
  readonly learningRate: number;
  readonly ratePlan: LearningRatePlan;
  /** In a search for a learning rate: the rates of its steps, in place of the plan's. */
  readonly searchedRate?: RateOfStep;
  /** What learns in an epoch of the phase. */
  readonly planOf: (epochInPhase: number) => TrainingPlan;
  /** What each weight's learning rate is multiplied by; 1 where it is not named. */
  readonly rateFactors: ReadonlyMap<WeightName, number>;
  /** [height, width, channels] where batches are pictures; null where they are features. */
  readonly imageShape: readonly number[] | null;
  readonly batches: BatchSource;
  /** Probabilities of the validation images with the weights as they are; null when the job should stop. */
  readonly validate: (() => Promise<Float32Array | null>) | null;
}

/** The learning rate of a step, counted from 0 at the beginning of its phase. */
export type RateOfStep = (stepIndex: number) => number;

/** What the loop works with. */
export interface LoopContext {
  readonly recipe: Recipe;
  /** What is learned of the training images, and how right it is. */
  readonly objective: Objective;
  readonly tensorFlow: TensorFlow;
  readonly executor: TrainingExecutor;
  readonly optimizer: Optimizer;
  /** The average that is judged and kept in the place of the weights; null without one. */
  readonly average: WeightAverage | null;
  readonly link: JobLink;
  readonly clock: ProgressClock;
  readonly log: MetricLog;
  /** Sends metrics and progress that are due. */
  readonly report: () => void;
  readonly explosionWatch: ExplosionWatch;
  /** Copies the weights that the phase changes, as they are at a position. Throws AppError training-diverged when one is not finite. */
  readonly readChanged: (position: TrainingPosition) => NetworkWeights;
  readonly keepBest: (model: KeptModel) => Promise<void>;
  /** Saves it when one is due, after every step and epoch; `isUrgent` saves it in any case. */
  readonly saveCheckpoint: (position: TrainingPosition, isUrgent: boolean) => Promise<void>;
}
