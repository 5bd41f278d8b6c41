import type { AppErrorShape } from '../../src-shared/contract/app-error.ts';
import type { Split } from '../../src-shared/domain/dataset.ts';
import type { BackboneRecord } from '../../src-shared/domain/backbone.ts';
import type { Certificate, ExportFormat } from '../../src-shared/domain/export.ts';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import type { MapStage } from '../../src-shared/domain/image-map.ts';
import type { Pipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import type { PipelineStep } from '../../src-shared/domain/pipeline/steps.ts';
import type { Labelling } from '../../src-shared/domain/labelling.ts';
import type { LearningRatePoint, LearningRateSearch, RunCost } from '../../src-shared/domain/probe.ts';
import type { Recipe } from '../../src-shared/domain/recipe/recipe.ts';
import type { Metric, RunProgress } from '../../src-shared/domain/run.ts';
import type { Sentence } from '../../src-shared/domain/sentence.ts';
import type { StageCache } from '../../src-shared/domain/stage-cache.ts';
import type { TensorFlowRuntime } from '../runtime/runtime.ts';
import type { FromQuickHead, QuickHeadJob, ToQuickHead } from './quick-head-protocol.ts';

// What core and a trainer say to each other, as JSON over the child's ipc channel. One trainer does one job and ends.

/** An image as a job needs it. */
export interface JobImage {
  readonly imageId: ImageId;
  /** Absolute path of the file. */
  readonly path: string;
  /** Index of its class in the run; in a multi-label run the indices of its classes, rising. */
  readonly label: number | readonly number[];
  readonly split: Split;
}

interface ModelJob {
  /** The run's own folder; the trainer writes nowhere else, except the feature cache. */
  readonly runFolder: string;
  readonly backboneFolder: string;
  readonly backbone: BackboneRecord;
  readonly pipeline: Pipeline;
  /** Null where TensorFlow is not needed, or not there. */
  readonly runtime: TensorFlowRuntime | null;
}

/** What a training is made from. */
interface TrainingMaterial extends ModelJob {
  readonly recipe: Recipe;
  /** Left out: single-label. */
  readonly labelling?: Labelling | undefined;
  readonly classNames: readonly string[];
  readonly images: readonly JobImage[];
  /** Frozen features are kept below this folder, keyed by everything that they depend on. */
  readonly featureCacheFolder: string;
}

/**
 * Trains, keeps the best weights (by validation loss; by training loss without validation images), predicts all
 * validation and test images with them, and leaves in runFolder: metrics.jsonl, predictions.jsonl, model.json and
 * weights.bin (TF.js layers format, float32, the whole network with its head), checkpoints/.
 */
export interface TrainJob extends TrainingMaterial {
  readonly kind: 'train';
}

/** Tries rising learning rates with a recipe. The run folder is a scratch folder. */
export interface LearningRateJob extends TrainingMaterial {
  readonly kind: 'find-learning-rate';
}

/** Measures what a run by a recipe takes. The run folder is a scratch folder. */
export interface CostJob extends TrainingMaterial {
  readonly kind: 'measure-cost';
}

/** Loads a run's model and answers `predict` messages until it is told to stop or its parent goes away. */
export interface PredictJob extends ModelJob {
  readonly kind: 'predict';
}

/** Loads exported files afresh, with TF.js itself and nothing of ours, and compares them with the app's predictions. */
export interface VerifyJob extends ModelJob {
  readonly kind: 'verify';
  readonly format: ExportFormat;
  /** The folder with the format's files (model.json …). */
  readonly exportFolder: string;
  /** Held-out images with the app's probabilities for them. */
  readonly images: readonly (Pick<JobImage, 'imageId' | 'path'> & { readonly probabilities: readonly number[] })[];
}

/** Judges images with a run's model as several lists of steps make them. */
export interface SafetyJob extends ModelJob {
  readonly kind: 'check-safety';
  readonly images: readonly Pick<JobImage, 'imageId' | 'path'>[];
  readonly trials: readonly (readonly PipelineStep[])[];
}

/** Computes the frozen features of images and keeps them in the feature cache, which is all that it writes. */
export interface FeaturesJob extends Omit<ModelJob, 'runFolder' | 'pipeline'> {
  readonly kind: 'features';
  /** What happens to an image before the backbone; nothing in it is random. */
  readonly steps: readonly PipelineStep[];
  readonly images: readonly Pick<JobImage, 'imageId' | 'path'>[];
  readonly featureCacheFolder: string;
}

/** Draws a map of images from their features, and leaves it in `mapFolder`, which is all that it writes. */
export interface MapJob {
  readonly kind: 'feature-map';
  readonly setFolder: string;
  /** Numbers an image. */
  readonly rowLength: number;
  readonly imageIds: readonly ImageId[];
  readonly mapFolder: string;
  readonly runtime: null;
}

export type TrainerJob =
  MapJob | TrainJob | PredictJob | VerifyJob | SafetyJob | LearningRateJob | CostJob | FeaturesJob | QuickHeadJob;

export type ToTrainer =
  | { readonly type: 'start'; readonly job: TrainerJob }
  /** Stop soon: a training keeps and judges its best weights, the rest ends with nothing. */
  | { readonly type: 'cancel' }
  /** For a predict job; `id` comes back with the answer. */
  | { readonly type: 'predict'; readonly id: number; readonly path: string }
  /** Takes predict requests back: those that are not at work yet are never answered. */
  | { readonly type: 'withdraw'; readonly ids: readonly number[] }
  | ToQuickHead;

export type FromTrainer =
  /** Every second from a worker thread, so that a long step is not taken for a dead trainer. */
  | { readonly type: 'heartbeat'; readonly memoryBytes: number }
  | { readonly type: 'status'; readonly status: 'preparing' | 'training' | 'evaluating' }
  /** Of a train job, once, before it trains. */
  | { readonly type: 'stages-planned'; readonly stageCache: StageCache | null }
  | { readonly type: 'progress'; readonly progress: RunProgress }
  /** Already written to metrics.jsonl. */
  | { readonly type: 'metrics'; readonly metrics: readonly Metric[] }
  /** The end of a train job. `wasCancelled`: a person stopped it; what is kept is complete all the same. */
  | {
      readonly type: 'trained';
      readonly wasCancelled: boolean;
      readonly bestEpoch: number | null;
      readonly versions: Readonly<Record<string, string>>;
    }
  /** A predict or quick-head job can answer now. */
  | { readonly type: 'ready' }
  | {
      readonly type: 'predicted';
      readonly id: number;
      readonly result:
        | {
            readonly ok: true;
            readonly probabilities: readonly number[];
            readonly width: number;
            readonly height: number;
          }
        | { readonly ok: false; readonly error: AppErrorShape };
    }
  | { readonly type: 'verified'; readonly certificate: Certificate }
  /** Of a search for a learning rate: all points so far. */
  | { readonly type: 'rates-tried'; readonly points: readonly LearningRatePoint[] }
  | { readonly type: 'rate-found'; readonly search: LearningRateSearch }
  | { readonly type: 'cost-measured'; readonly cost: RunCost }
  /** Of a safety job: the likeliest class of one image in each trial, null where a trial cannot run on it. */
  | { readonly type: 'trials-judged'; readonly imageId: ImageId; readonly predicted: readonly (number | null)[] }
  | { readonly type: 'safety-checked' }
  /** Of a features job, once: the set's folder below the cache folder, numbers an image, and how many images it has to compute. */
  | { readonly type: 'features-opened'; readonly set: string; readonly rowLength: number; readonly missing: number }
  /** So many more are kept on disk; `unread` are left out. */
  | {
      readonly type: 'features-added';
      readonly count: number;
      readonly unread: readonly { readonly imageId: ImageId; readonly reason: Sentence }[];
    }
  | { readonly type: 'features-computed' }
  /** Of a map job: `value` of the whole, 0 … 1. */
  | { readonly type: 'map-progress'; readonly stage: MapStage; readonly value: number }
  | { readonly type: 'map-drawn'; readonly count: number }
  | FromQuickHead
  | { readonly type: 'failed'; readonly error: AppErrorShape };
