import { say } from '../../../src-shared/domain/sentence.ts';
import { resolveSteps, type ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { viewCountOf } from '../../../src-shared/domain/pipeline/views.ts';
import { hasRandomSteps } from '../../../src-shared/domain/pipeline/pipeline.ts';
import type { StageCache } from '../../../src-shared/domain/stage-cache.ts';
import type { JobImage, TrainJob } from '../../jobs/trainer-protocol.ts';
import { attachHead, featuresLayerName } from '../../network/attach-head.ts';
import type { LayerName } from '../../network/layer.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import type { WeightedNetwork } from '../../network/layers-model.ts';
import { runPaths, type RunPaths } from '../../storage/project-paths.ts';
import type { InferenceExecutor, TrainingExecutor } from '../executors/executor.ts';
import { openTrainingEngine, type TrainingEngine } from '../executors/training-engine.ts';
import type { FeatureKey } from '../features/feature-cache.ts';
import { FeatureStore } from '../features/feature-store.ts';
import type { JobLink } from '../job-link.ts';
import { loadModel } from '../load-model.ts';
import { openPixelLoader, type PixelLoader } from '../pixel-loader.ts';
import type { TensorFlow } from '../tensorflow.ts';
import { openMetricLog, type MetricLog } from './metric-log.ts';
import { startProgressClock, type ProgressClock, type ProgressPlan } from './progress-clock.ts';
import { countSplits, shapeOfRun, type CachedWork, type SplitCounts } from './run-shape.ts';
import { chooseStageCache } from './stage-cache.ts';

/** Everything that one training holds open, and what it was made from. */
export interface TrainSession {
  readonly job: TrainJob;
  readonly link: JobLink;
  readonly files: RunPaths;
  readonly tensorFlow: TensorFlow;
  /** The backbone with a new head, before anything has learned. */
  readonly initial: WeightedNetwork;
  readonly executor: TrainingExecutor;
  /** The network as in `initial`, whatever the other executor has learned. */
  readonly frozen: InferenceExecutor;
  /** Names and versions of what trains and of what runs `frozen`. */
  readonly engines: TrainingEngine['names'];
  /** Cached features of the frozen network. */
  readonly features: FeatureStore;
  /** What features of this training depend on besides the image. */
  readonly keyOf: (part: Pick<FeatureKey, 'layer' | 'steps' | 'variant'>) => FeatureKey;
  /** Whether a fine-tuning's batches are cached output of the stages that do not learn; null where all stages learn. */
  readonly stageCache: StageCache | null;
  readonly pixels: PixelLoader;
  readonly training: readonly JobImage[];
  readonly validation: readonly JobImage[];
  /** Validation and test images: what the finished run is judged on. */
  readonly heldOut: readonly JobImage[];
  readonly trainingSteps: readonly ResolvedStep[];
  readonly evaluationSteps: readonly ResolvedStep[];
  /** Differently augmented versions of each training image that frozen features are computed for. */
  readonly variants: readonly (string | null)[];
  readonly clock: ProgressClock;
  readonly log: MetricLog;
  /** True when the present part of the job should end: training when anybody asks, judging only when the parent has gone. */
  shouldStop(): boolean;
  /** From now on a cancelled run is judged to its end. */
  beginJudging(): void;
  /** Sends metrics and progress when they are due; `isUrgent` sends progress in any case. */
  report(isUrgent?: boolean): void;
  close(): Promise<void>;
}

const progressIntervalMs = 250;

/** What may be other than the job says. */
interface SessionOptions {
  /** Where the training goes on from. */
  readonly begun?: TrainingPosition | null;
  /** Of the training that decisions are for, where the job is a sample of it. */
  readonly counts?: SplitCounts;
}

/** Loads the engine and the network, and starts the clock. The owner calls `close`. */
export async function openTrainSession(
  job: TrainJob,
  link: JobLink,
  { begun = null, counts = countSplits(job.images) }: SessionOptions = {},
): Promise<TrainSession> {
  const backbone = await loadModel(job.backboneFolder, say('backboneHasNoModel', { backbone: job.backbone.title }));
  const initial = attachHead(backbone, {
    classCount: job.classNames.length,
    seed: `${job.recipe.seed}/head`,
    dropoutRate: job.recipe.dropout,
    probabilities: job.labelling === 'multi-label' ? 'sigmoid' : 'softmax',
  });
  const engine = await openTrainingEngine(job.recipe.mode, job.runtime, initial);
  const { tensorFlow, executor, frozen } = engine;
  const files = runPaths(job.runFolder);
  const variants = variantsOf(job);
  const features = new FeatureStore(job.featureCacheFolder);
  const trainingSteps = resolveSteps(job.pipeline.training, job.backbone);
  const evaluationSteps = resolveSteps(job.pipeline.evaluation, job.backbone);
  const viewCount = viewCountOf(evaluationSteps);
  const { sha256: backboneSha256, inputSize } = job.backbone;
  const keyOf: TrainSession['keyOf'] = (part) => ({
    ...{ engine: engine.names.features, backboneSha256, inputSize },
    ...part,
  });
  const keysAt = (layer: LayerName): readonly FeatureKey[] => [
    ...variants.map((variant) => keyOf({ layer, steps: trainingSteps, variant })),
    keyOf({ layer, steps: evaluationSteps, variant: null }),
  ];
  const stageCache = await chooseStageCache({
    ...{ recipe: job.recipe, network: initial.network, counts, variants, viewCount, features, begun },
    keysAt,
  });
  features.willUse(keysAt(featuresLayerName));
  if (stageCache?.kind === 'used') features.willUse(keysAt(stageCache.layer));
  const clock = startProgressClock(planProgress(job, { variantCount: variants.length, viewCount }, stageCache));
  const log = openMetricLog(files.metrics, (metrics) => link.send({ type: 'metrics', metrics }));
  const pixels = openPixelLoader(inputSize, (steps) => features.openPixels(steps));
  let isJudging = false;
  let lastProgressMs = Number.NEGATIVE_INFINITY;
  const ofSplit = (split: JobImage['split']): readonly JobImage[] =>
    job.images.filter((image) => image.split === split);

  return {
    job,
    link,
    files,
    tensorFlow,
    initial,
    executor,
    frozen,
    engines: engine.names,
    features,
    keyOf,
    stageCache,
    pixels,
    training: ofSplit('training'),
    validation: ofSplit('validation'),
    heldOut: [...ofSplit('validation'), ...ofSplit('test')],
    trainingSteps,
    evaluationSteps,
    variants,
    clock,
    log,
    shouldStop: () => (isJudging ? link.stopReason() === 'abandoned' : link.stopReason() !== null),
    beginJudging: () => void (isJudging = true),
    report(isUrgent = false) {
      log.flush();
      if (!isUrgent && performance.now() - lastProgressMs < progressIntervalMs) return;
      lastProgressMs = performance.now();
      link.send({ type: 'progress', progress: clock.progress(process.memoryUsage.rss()) });
    },
    async close() {
      log.close();
      engine.dispose();
      await Promise.all([features.close(), pixels.close()]);
    },
  };
}

/** One variant, drawing nothing, where the list is not random; the cache then holds for every seed. */
function variantsOf({ pipeline, recipe }: TrainJob): readonly (string | null)[] {
  if (!hasRandomSteps(pipeline.training)) return [null];
  return Array.from({ length: recipe.featureVariants }, (_, index) => `${recipe.seed}/variant/${index}`);
}

/** Costs beside one image's features, measured on EfficientNet-Lite0 on a CPU; they only matter until a phase is under way. */
const costOf = { headStep: 0.1, trainedImage: 4, trainedRow: 1, judgedImage: 1 };

function planProgress(
  { recipe, images }: TrainJob,
  { variantCount, viewCount }: Pick<CachedWork, 'variantCount' | 'viewCount'>,
  stageCache: StageCache | null,
): ProgressPlan {
  const counts = countSplits(images);
  const isStageCached = stageCache?.kind === 'used';
  const shape = shapeOfRun(recipe, counts, { variantCount, viewCount, isStageCached });
  const { headEpochs, wholeEpochs, stepsPerEpoch, totalSteps, featurePasses } = shape;
  const trainedCost = isStageCached ? costOf.trainedRow : costOf.trainedImage;
  return {
    phases: [
      { phase: 'features', total: featurePasses, relativeCost: 1 },
      { phase: 'head', total: headEpochs * stepsPerEpoch, relativeCost: costOf.headStep },
      { phase: 'all', total: wholeEpochs * stepsPerEpoch, relativeCost: trainedCost * recipe.batchSize },
      { phase: 'evaluation', total: counts.validation + counts.test, relativeCost: costOf.judgedImage * viewCount },
    ],
    totalSteps,
    totalEpochs: headEpochs + wholeEpochs,
  };
}
