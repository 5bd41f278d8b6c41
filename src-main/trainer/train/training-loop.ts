import { learningRateAt } from '../../../src-shared/domain/recipe/learning-rate.ts';
import { noPlateau, plateauAfter, type Plateau } from '../../../src-shared/domain/recipe/plateau.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { StepMetric } from '../../../src-shared/domain/run.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import type { LayerName } from '../../network/layer.ts';
import { changingWeights } from '../executors/executor.ts';
import type { LoadedBatch } from './batches.ts';
import { timeWaits } from '../prefetch.ts';
import { trainingDiverged } from './divergence.ts';
import { planPhase } from './epoch-order.ts';
import { meansOf, type LossAndAccuracy } from './judging.ts';
import type { LoopContext, TrainingPhase } from './training-phase.ts';
import { applyGradients, prepareBatch } from './training-step.ts';

/** Where a phase ended, and whether that was because the job should stop. */
export interface PhaseEnd {
  readonly position: TrainingPosition;
  readonly wasStopped: boolean;
}

/** The position before the first step of a phase. */
export function startOfPhase(
  phase: TrainingPhase['phase'],
  before: TrainingPosition | null,
  cachedLayer: LayerName | null,
): TrainingPosition {
  const { step = 0, epoch = 0, best = null } = before ?? {};
  const start = { epochInPhase: 0, stepInEpoch: 0, sums: noSums, epochsWithoutBetter: 0, plateau: noPlateau };
  return { phase, ...start, step, epoch, best, cachedLayer };
}

const noSums = { loss: 0, correct: 0, images: 0 };

/**
 * Trains one phase from a position to its end, to early stopping, or until the job should stop.
 *
 * Everything random is a function of the seed and the position, so that going on from a checkpoint gives the same bits as never having
 * stopped. Throws an AppError training-diverged when loss or weights are no numbers any more, or the loss has exploded.
 */
export async function runPhase(context: LoopContext, phase: TrainingPhase, start: TrainingPosition): Promise<PhaseEnd> {
  const { recipe, objective, clock } = context;
  const planned = planPhase(recipe, objective.samplingLabels, start, phase.epochs);
  const batches = timeWaits(phase.batches.load(planned), clock.waited);
  let position = start;
  try {
    while (position.epochInPhase < phase.epochs && !isOutOfPatience(recipe, position)) {
      beginEpoch(context, phase, position);
      const end = await runEpoch(context, phase, position, batches);
      position = end.position;
      const isLast = position.epochInPhase === phase.epochs || isOutOfPatience(recipe, position);
      await context.saveCheckpoint(position, end.wasStopped || isLast);
      if (end.wasStopped) return end;
    }
  } finally {
    await batches.return();
  }
  return { position, wasStopped: false };
}

function beginEpoch(
  { executor, average }: LoopContext,
  phase: TrainingPhase,
  { epochInPhase }: TrainingPosition,
): void {
  const plan = phase.planOf(epochInPhase);
  executor.beginTraining(plan);
  average?.follow(changingWeights(plan));
}

function isOutOfPatience({ earlyStopping }: Recipe, { epochsWithoutBetter }: TrainingPosition): boolean {
  return earlyStopping !== null && epochsWithoutBetter >= earlyStopping.patience;
}

/** Takes the batches of one epoch from those of the phase. */
async function runEpoch(
  context: LoopContext,
  phase: TrainingPhase,
  start: TrainingPosition,
  batches: AsyncIterator<LoadedBatch, void>,
): Promise<PhaseEnd> {
  const { link } = context;
  const startMs = performance.now();
  const stepCount = stepsPerEpoch(context);
  let position = start;
  while (position.stepInEpoch < stepCount) {
    const { value: batch } = await batches.next();
    if (!batch) throw new Error(`No batch for step ${position.step + 1}`);
    await link.breathe();
    if (link.stopReason()) return { position, wasStopped: true };
    position = await runStep(context, phase, position, batch);
    context.report();
    await context.saveCheckpoint(position, false);
  }
  const end = (): Promise<PhaseEnd> => judgeEpoch(context, phase, position, startMs);
  return context.average ? context.average.during(end) : end();
}

/** Judges the weights as they are, and keeps them when they are the best. */
async function judgeEpoch(
  context: LoopContext,
  phase: TrainingPhase,
  position: TrainingPosition,
  startMs: number,
): Promise<PhaseEnd> {
  const validation = phase.validate ? await phase.validate() : null;
  if (phase.validate && !validation) return { position, wasStopped: true };
  // The time of validation belongs to the phase, but says nothing about the speed of training.
  context.clock.advance(0, 0);
  return { position: await endEpoch(context, phase, position, { startMs, validation }), wasStopped: false };
}

async function runStep(
  context: LoopContext,
  phase: TrainingPhase,
  position: TrainingPosition,
  loaded: LoadedBatch,
): Promise<TrainingPosition> {
  const { recipe, objective, executor, clock } = context;
  const { labels, ...batch } = prepareBatch(context, phase, position, loaded);
  const { count } = batch;
  const stepCount = stepsPerEpoch(context);
  const stepIndex = position.epochInPhase * stepCount + position.stepInEpoch;
  const planned = learningRateAt(phase.ratePlan, {
    ...{ baseLearningRate: phase.learningRate, stepIndex, stepsPerEpoch: stepCount },
    epochCount: phase.epochs,
    plateauFactor: position.plateau.rateFactor,
  });
  const learningRate = phase.searchedRate?.(stepIndex) ?? planned;
  const at = { step: position.step + 1, epoch: position.epoch + 1, best: position.best, recipe, phase };
  const step = await executor.computeGradients(batch);
  try {
    if (!Number.isFinite(step.loss)) throw trainingDiverged({ kind: 'loss-not-finite' }, at);
    applyGradients(context, phase, step.gradients, learningRate);
  } finally {
    step.dispose();
  }
  clock.advance(1, count);
  const correct = objective.countRight(step.probabilities, labels);
  const exploded = context.explosionWatch.add({ loss: step.loss, correct, images: count });
  if (exploded !== null) throw trainingDiverged({ kind: 'exploded', loss: exploded }, at);
  context.log.add({
    ...({ type: 'step', phase: phase.phase, loss: step.loss, learningRate } satisfies Partial<StepMetric>),
    step: position.step + 1,
    epoch: position.epoch + 1,
    accuracy: correct / count,
    imagesPerSecond: Math.round((clock.imagesPerSecond() ?? 0) * 10) / 10,
    waitingShare: roundedWaitingShare(clock),
  });
  const { sums } = position;
  return {
    ...position,
    step: position.step + 1,
    stepInEpoch: position.stepInEpoch + 1,
    sums: { loss: sums.loss + step.loss * count, correct: sums.correct + correct, images: sums.images + count },
  };
}

function roundedWaitingShare(clock: LoopContext['clock']): number {
  return Math.round((clock.waitingShare() ?? 0) * 1000) / 1000;
}

function stepsPerEpoch({ recipe, objective }: LoopContext): number {
  return Math.ceil(objective.samplingLabels.length / recipe.batchSize);
}

async function endEpoch(
  context: LoopContext,
  phase: TrainingPhase,
  position: TrainingPosition,
  { startMs, validation }: { readonly startMs: number; readonly validation: Float32Array | null },
): Promise<TrainingPosition> {
  const epoch = position.epoch + 1;
  const training = meansOf(position.sums);
  const judged: LossAndAccuracy | null = validation && context.objective.judge(validation);
  const { loss } = judged ?? training;
  if (!Number.isFinite(loss)) {
    const { step, best } = position;
    throw trainingDiverged({ kind: 'loss-not-finite' }, { step, epoch, best, recipe: context.recipe, phase });
  }
  // Training losses of two phases do not compare: the later one may see augmented images, or others of them.
  const isComparable = judged !== null || position.epochInPhase > 0;
  const isBest = position.best === null || !isComparable || loss < position.best.loss;
  const best = isBest ? { weights: context.readChanged(position), probabilities: validation } : null;
  context.log.add({
    type: 'epoch',
    phase: position.phase,
    step: position.step,
    epoch,
    training,
    validation: judged,
    isBest,
    seconds: (performance.now() - startMs) / 1000,
    waitingShare: roundedWaitingShare(context.clock),
  });
  context.log.flush(true);
  context.report();
  if (best) await context.keepBest(best);
  return {
    ...position,
    epoch,
    epochInPhase: position.epochInPhase + 1,
    stepInEpoch: 0,
    sums: noSums,
    epochsWithoutBetter: isBest ? 0 : position.epochsWithoutBetter + 1,
    best: isBest ? { epoch, loss } : position.best,
    plateau: nextPlateau(phase, position, loss),
  };
}

/** Epochs of the warm-up say nothing about a plateau. */
function nextPlateau({ ratePlan, learningRate }: TrainingPhase, position: TrainingPosition, loss: number): Plateau {
  const { schedule, warmUp } = ratePlan;
  if (schedule.kind !== 'reduce-on-plateau' || position.epochInPhase < (warmUp?.epochs ?? 0)) return position.plateau;
  return plateauAfter(position.plateau, schedule, { loss, baseLearningRate: learningRate });
}
