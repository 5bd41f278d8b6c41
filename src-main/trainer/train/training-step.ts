import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import type { TrainingBatch } from '../executors/executor.ts';
import { clipFactor, type Gradients } from '../gradients.ts';
import type { LoadedBatch } from './batches.ts';
import { mixBatch } from './mixing.ts';
import type { LoopContext, TrainingPhase } from './training-phase.ts';

/** A batch ready for its step: mixed, smoothed and weighted as the recipe says. `labels` are the rows before smoothing, against which training accuracy is counted. */
export function prepareBatch(
  { recipe, objective }: LoopContext,
  { imageShape }: TrainingPhase,
  { step }: TrainingPosition,
  { indices, values }: LoadedBatch,
): TrainingBatch & { readonly labels: Float32Array } {
  const labels = objective.labelRows(indices);
  const count = indices.length;
  const { mixing } = recipe;
  const mixable = { values, labels, count, imageShape };
  const isMixed = mixing !== null && mixBatch(mixable, mixing, createRandom(`${recipe.seed}/mix/${step}`));
  return {
    count,
    values,
    ...objective.lossTargets(labels, isMixed),
    seed: `${recipe.seed}/dropout/${step}`,
    labels,
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
