import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import type { TrainingBatch } from '../executors/executor.ts';
import { clipFactor, type Gradients } from '../gradients.ts';
import type { LoadedBatch } from './batches.ts';
import { highestOfRows, oneHot } from './judging.ts';
import { lossTargets } from './loss-targets.ts';
import { mixBatch } from './mixing.ts';
import type { LoopContext, TrainingPhase } from './training-phase.ts';

/** A batch ready for its step: mixed, smoothed and weighted as the recipe says. `labels` are the dominant ones, against which training accuracy is counted. */
export function prepareBatch(
  { recipe, classCount, classWeights, trainingLabels }: LoopContext,
  { imageShape }: TrainingPhase,
  { step }: TrainingPosition,
  { indices, values }: LoadedBatch,
): TrainingBatch & { readonly labels: readonly number[] } {
  const ofImages = indices.map((index) => trainingLabels[index] ?? 0);
  const rows = oneHot(ofImages, classCount);
  const count = indices.length;
  const { mixing, labelSmoothing } = recipe;
  const mixable = { values, labels: rows, count, imageShape };
  const isMixed = mixing !== null && mixBatch(mixable, mixing, createRandom(`${recipe.seed}/mix/${step}`));
  return {
    count,
    values,
    ...lossTargets({ values: rows, classCount, isMixed }, { labelSmoothing, classWeights }),
    seed: `${recipe.seed}/dropout/${step}`,
    labels: isMixed ? highestOfRows(rows, classCount) : ofImages,
  };
}

/** One step of the optimizer, with the gradients clipped and the average moved on as the recipe says. */
export function applyGradients(
  { recipe, tensorFlow, executor, optimizer, average }: LoopContext,
  { rateFactors }: TrainingPhase,
  gradients: Gradients,
  learningRate: number,
): void {
  const gradientFactor = recipe.clipNorm === null ? undefined : clipFactor(tensorFlow, gradients, recipe.clipNorm);
  optimizer.apply(executor.variables, gradients, {
    learningRateOf: (name) => learningRate * (rateFactors.get(name) ?? 1),
    gradientFactor,
  });
  gradientFactor?.dispose();
  average?.update();
}
