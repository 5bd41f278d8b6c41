import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { StepMetric } from '../../../src-shared/domain/run.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import type { TrainingExecutor, TrainingPlan } from '../executors/executor.ts';
import type { JobLink } from '../job-link.ts';
import type { Optimizer } from '../optimizers.ts';
import { chunksOf } from '../prefetch.ts';
import { learningRateAt, type LearningRateSchedule } from '../schedules.ts';
import type { BatchSource, LoadedBatch } from './batches.ts';
import { countCorrect, judge, meansOf, oneHot, type LossAndAccuracy } from './judging.ts';
import type { MetricLog } from './metric-log.ts';
import type { ProgressClock } from './progress-clock.ts';

/** One part of a training: what learns, from what, for how long. */
export interface TrainingPhase {
  readonly phase: 'head' | 'all';
  readonly epochs: number;
  readonly learningRate: number;
  readonly schedule: LearningRateSchedule;
  readonly plan: TrainingPlan;
  readonly batches: BatchSource;
  /** Probabilities of the validation images with the weights as they are; null when the job should stop. */
  readonly validate: (() => Promise<Float32Array | null>) | null;
}

/** What the loop works with. */
export interface LoopContext {
  readonly recipe: Recipe;
  readonly classCount: number;
  readonly trainingLabels: readonly number[];
  readonly validationLabels: readonly number[];
  readonly executor: TrainingExecutor;
  readonly optimizer: Optimizer;
  readonly link: JobLink;
  readonly clock: ProgressClock;
  readonly log: MetricLog;
  /** Sends metrics and progress that are due. */
  readonly report: () => void;
  /** Called with the weights in place; `validation` are the probabilities that they gave, null without validation images. */
  readonly keepBest: (validation: Float32Array | null) => Promise<void>;
  /** Saves it when one is due, after every step and epoch; `isUrgent` saves it in any case. */
  readonly saveCheckpoint: (position: TrainingPosition, isUrgent: boolean) => Promise<void>;
}

/** Where a phase ended, and whether that was because the job should stop. */
export interface PhaseEnd {
  readonly position: TrainingPosition;
  readonly wasStopped: boolean;
}

/** The position before the first step of a phase. */
export function startOfPhase(phase: TrainingPhase['phase'], before: TrainingPosition | null): TrainingPosition {
  const { step = 0, epoch = 0, best = null } = before ?? {};
  return { phase, epochInPhase: 0, stepInEpoch: 0, sums: noSums, step, epoch, epochsWithoutBetter: 0, best };
}

const noSums = { loss: 0, correct: 0, images: 0 };

/**
 * Trains one phase from a position to its end, to early stopping, or until the job should stop.
 *
 * Everything random is a function of the seed and the position, so that going on from a checkpoint gives the same bits as never having
 * stopped. Throws an AppError when the loss is no longer a number.
 */
export async function runPhase(context: LoopContext, phase: TrainingPhase, start: TrainingPosition): Promise<PhaseEnd> {
  context.executor.beginTraining(phase.plan);
  let position = start;
  while (position.epochInPhase < phase.epochs && !isOutOfPatience(context.recipe, position)) {
    const end = await runEpoch(context, phase, position);
    position = end.position;
    const isLast = position.epochInPhase === phase.epochs || isOutOfPatience(context.recipe, position);
    await context.saveCheckpoint(position, end.wasStopped || isLast);
    if (end.wasStopped) return end;
  }
  return { position, wasStopped: false };
}

function isOutOfPatience({ earlyStopping }: Recipe, { epochsWithoutBetter }: TrainingPosition): boolean {
  return earlyStopping !== null && epochsWithoutBetter >= earlyStopping.patience;
}

async function runEpoch(context: LoopContext, phase: TrainingPhase, start: TrainingPosition): Promise<PhaseEnd> {
  const { recipe, link, trainingLabels } = context;
  const startMs = performance.now();
  const order = createRandom(`${recipe.seed}/order/${phase.phase}/${start.epochInPhase}`);
  const batches = chunksOf(order.permutation(trainingLabels.length), recipe.batchSize);
  let position = start;
  for await (const batch of phase.batches.epoch(start.epochInPhase, batches.slice(start.stepInEpoch))) {
    await link.breathe();
    if (link.stopReason()) return { position, wasStopped: true };
    position = await runStep(context, phase, position, batch);
    context.report();
    await context.saveCheckpoint(position, false);
  }
  const validation = phase.validate ? await phase.validate() : null;
  if (phase.validate && !validation) return { position, wasStopped: true };
  // The time of validation belongs to the phase, but says nothing about the speed of training.
  context.clock.advance(0, 0);
  return { position: await endEpoch(context, position, { startMs, validation }), wasStopped: false };
}

async function runStep(
  context: LoopContext,
  phase: TrainingPhase,
  position: TrainingPosition,
  { indices, values }: LoadedBatch,
): Promise<TrainingPosition> {
  const { recipe, executor, optimizer, clock, trainingLabels } = context;
  const labels = indices.map((index) => trainingLabels[index] ?? 0);
  const count = labels.length;
  const stepsPerEpoch = Math.ceil(trainingLabels.length / recipe.batchSize);
  const learningRate = learningRateAt(phase.schedule, {
    baseLearningRate: phase.learningRate,
    stepIndex: position.epochInPhase * stepsPerEpoch + position.stepInEpoch,
    stepsPerEpoch,
    epochCount: phase.epochs,
  });
  const step = await executor.computeGradients({
    count,
    values,
    targets: oneHot(labels, context.classCount),
    seed: `${recipe.seed}/dropout/${position.step}`,
  });
  try {
    if (!Number.isFinite(step.loss)) throw lossIsNoNumber(position, learningRate);
    optimizer.apply(executor.variables, step.gradients, learningRate);
  } finally {
    step.dispose();
  }
  clock.advance(1, count);
  const correct = countCorrect(step.probabilities, labels);
  context.log.add({
    ...({ type: 'step', phase: phase.phase, loss: step.loss, learningRate } satisfies Partial<StepMetric>),
    step: position.step + 1,
    epoch: position.epoch + 1,
    accuracy: correct / count,
    imagesPerSecond: Math.round((clock.imagesPerSecond() ?? 0) * 10) / 10,
  });
  const { sums } = position;
  return {
    ...position,
    step: position.step + 1,
    stepInEpoch: position.stepInEpoch + 1,
    sums: { loss: sums.loss + step.loss * count, correct: sums.correct + correct, images: sums.images + count },
  };
}

async function endEpoch(
  context: LoopContext,
  position: TrainingPosition,
  { startMs, validation }: { readonly startMs: number; readonly validation: Float32Array | null },
): Promise<TrainingPosition> {
  const epoch = position.epoch + 1;
  const training = meansOf(position.sums);
  const judged: LossAndAccuracy | null = validation && judge(validation, context.validationLabels);
  const { loss } = judged ?? training;
  if (!Number.isFinite(loss)) throw lossIsNoNumber(position, null);
  // Training losses of two phases do not compare: the later one may see augmented images, or others of them.
  const isComparable = judged !== null || position.epochInPhase > 0;
  const isBest = position.best === null || !isComparable || loss < position.best.loss;
  context.log.add({
    type: 'epoch',
    phase: position.phase,
    step: position.step,
    epoch,
    training,
    validation: judged,
    isBest,
    seconds: (performance.now() - startMs) / 1000,
  });
  context.log.flush(true);
  context.report();
  if (isBest) await context.keepBest(validation);
  return {
    ...position,
    epoch,
    epochInPhase: position.epochInPhase + 1,
    stepInEpoch: 0,
    sums: noSums,
    epochsWithoutBetter: isBest ? 0 : position.epochsWithoutBetter + 1,
    best: isBest ? { epoch, loss } : position.best,
  };
}

function lossIsNoNumber({ step, epoch, best }: TrainingPosition, learningRate: number | null): AppError {
  const sentence = say('lossNotFinite', {
    step: step + 1,
    epoch: epoch + 1,
    learningRate: learningRate?.toPrecision(2) ?? '?',
    kept: best ? say('keptOfEpoch', { epoch: best.epoch }) : say('keptNothing'),
  });
  return new AppError('training-failed', sentence, {
    detail: { step: step + 1, epoch: epoch + 1, learningRate, bestEpoch: best?.epoch ?? null },
  });
}
