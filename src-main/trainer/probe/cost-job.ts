import { totalmem } from 'node:os';
import { cachedLayerOf } from '../../../src-shared/domain/stage-cache.ts';
import { viewCountOf } from '../../../src-shared/domain/pipeline/views.ts';
import type { CostJob, JobImage, TrainJob } from '../../jobs/trainer-protocol.ts';
import { featuresLayerName } from '../../network/attach-head.ts';
import type { JobLink } from '../job-link.ts';
import { createBestModel } from '../train/best-model.ts';
import { extractFeatures } from '../train/feature-extractor.ts';
import { judgeFromFeatures, judgeFromPixels, type ImageJudge } from '../train/held-out.ts';
import { countSplits } from '../train/run-shape.ts';
import { openTrainSession, type TrainSession } from '../train/train-session.ts';
import { runPhases } from '../train/training-phases.ts';
import { availableMemoryBytes } from './available-memory.ts';
import { findFittingBatch, peakMemoryBytes, type FittingBatch } from './fitting-batch.ts';
import { estimateRunCost, keptBytes, type MeasuredCost, type RunSize } from './run-cost.ts';

/** Two batches of 32: the first one pays for what happens once. */
const measuredImages = 64;
const measuredSteps = 4;
/** Of the memory that is free when it begins; others on the machine may want more meanwhile. */
const usableShare = 0.9;

/** Measures what a run by the recipe takes, on a few of its images and steps with its own batch size. */
export async function measureCost(job: CostJob, link: JobLink): Promise<void> {
  const startMs = performance.now();
  const budgetBytes = availableMemoryBytes() + process.memoryUsage.rss();
  const sample = sampleJob(job);
  const watch = createStepWatch(link);
  const session = await openTrainSession(sample, watch.link, { counts: countSplits(job.images) });
  try {
    const start = (performance.now() - startMs) / 1000;
    link.send({ type: 'status', status: 'preparing' });
    const featuresPerImage = await measureFeatures(session);
    if (featuresPerImage === null) return;
    const size = sizeOf(job, session, budgetBytes);
    const fitting = await findFitting(session, size);
    if (!fitting) return;
    const chosen = withBatch(session, fitting.batchSize);
    await runPhases(chosen, createBestModel(chosen), null);
    const judgingPerImage = job.recipe.mode === 'fine-tuning' ? await measureJudging(session) : featuresPerImage;
    if (judgingPerImage === null || link.stopReason()) return;
    const measured: MeasuredCost = {
      ...{ start, featuresPerImage, judgingPerImage },
      headStep: watch.secondsPerStep('head'),
      wholeStep: watch.secondsPerStep('all'),
      peakMemoryBytes: peakMemoryBytes(),
      neededMemoryBytes: fitting.neededBytes,
    };
    const recipe = { ...job.recipe, batchSize: fitting.batchSize };
    link.send({ type: 'cost-measured', cost: estimateRunCost(measured, { ...size, recipe }) });
  } finally {
    await session.close();
  }
}

/** A training of a few steps on the first images. */
function sampleJob(job: CostJob): TrainJob {
  const { recipe } = job;
  const training = job.images.filter(({ split }) => split === 'training');
  const images = training.slice(0, Math.max(measuredImages, measuredSteps * recipe.batchSize));
  const stepsPerEpoch = Math.ceil(images.length / recipe.batchSize);
  const epochs = Math.ceil(measuredSteps / stepsPerEpoch);
  const headFirst = { ...recipe.headFirst, epochs: Math.min(recipe.headFirst.epochs, epochs) };
  return {
    ...job,
    kind: 'train',
    images,
    recipe: { ...recipe, epochs, headFirst, earlyStopping: null, unfreezing: null },
  };
}

/** The head alone takes little for any batch. */
async function findFitting(session: TrainSession, size: RunSize): Promise<FittingBatch | null> {
  const { mode, batchSize } = size.recipe;
  if (mode === 'feature-extraction') return { batchSize, neededBytes: null };
  return findFittingBatch(session, usableShare * size.availableMemoryBytes - keptBytes(size));
}

/** The same sample in batches of another size, so long that enough steps are measured. */
function withBatch(session: TrainSession, batchSize: number): TrainSession {
  const recipe = { ...session.job.recipe, batchSize };
  const images = session.training.slice(0, measuredSteps * batchSize);
  return batchSize === session.job.recipe.batchSize
    ? session
    : { ...session, training: images, job: { ...session.job, recipe: { ...recipe, epochs: 1 } } };
}

function sizeOf(job: CostJob, session: TrainSession, availableMemoryBytes: number): RunSize {
  return {
    recipe: job.recipe,
    counts: countSplits(job.images),
    variantCount: session.variants.length,
    viewCount: viewCountOf(session.evaluationSteps),
    featureCount: job.backbone.featureCount,
    inputSize: job.backbone.inputSize,
    stageCache: session.stageCache,
    ...{ availableMemoryBytes, totalMemoryBytes: totalmem() },
  };
}

/** Seconds an image; null when the job should stop. */
async function measureFeatures(session: TrainSession): Promise<number | null> {
  const { training, trainingSteps } = session;
  const isDone = async (images: readonly JobImage[], variant: string): Promise<boolean> =>
    (await extractFeatures(session, { images, layer: featuresLayerName, steps: trainingSteps, variant })) !== null;
  const half = Math.ceil(Math.min(training.length, measuredImages) / 2);
  if (!(await isDone(training.slice(0, half), 'first'))) return null;
  const startMs = performance.now();
  const images = training.slice(-half);
  if (!(await isDone(images, 'second'))) return null;
  return (performance.now() - startMs) / 1000 / images.length;
}

/** Seconds an image; null when the job should stop. */
async function measureJudging(session: TrainSession): Promise<number | null> {
  const images = session.training.slice(0, measuredImages);
  const judge = await judgeOf(session, images);
  if (!judge) return null;
  const startMs = performance.now();
  if (!(await judge.run())) return null;
  return ((performance.now() - startMs) / 1000 / images.length) * judge.timesPerImage;
}

/** As validation judges in the last phase; null when the job should stop. */
async function judgeOf(
  session: TrainSession,
  images: readonly JobImage[],
): Promise<{ readonly run: ImageJudge; readonly timesPerImage: number } | null> {
  const layer = cachedLayerOf(session.stageCache);
  if (layer === null) return { run: judgeFromPixels(session, images, () => undefined), timesPerImage: 1 };
  const { trainingSteps: steps, evaluationSteps, variants } = session;
  const features = await extractFeatures(session, { images, layer, steps, variant: variants[0] ?? null });
  // What is cached of training images is one view of each.
  return features && { run: judgeFromFeatures(session, features, layer), timesPerImage: viewCountOf(evaluationSteps) };
}

interface StepWatch {
  readonly link: JobLink;
  /** The median over the phase's steps but the first; 0 without any. */
  secondsPerStep(phase: 'head' | 'all'): number;
}

/** Notes the time before each step: the loop breathes there. */
function createStepWatch(link: JobLink): StepWatch {
  const marksMs: Record<string, number[]> = {};
  let phase = 'features';
  return {
    link: {
      ...link,
      send(message) {
        if (message.type === 'progress') ({ phase } = message.progress);
        if (message.type === 'progress') link.send(message);
      },
      breathe() {
        (marksMs[phase] ??= []).push(performance.now());
        return link.breathe();
      },
    },
    secondsPerStep(of) {
      const marks = marksMs[of] ?? [];
      const seconds = marks.slice(1).map((mark, index) => (mark - (marks[index] ?? mark)) / 1000);
      return median(seconds.length > 1 ? seconds.slice(1) : seconds);
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
