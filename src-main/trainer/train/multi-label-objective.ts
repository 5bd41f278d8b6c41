import { averagePrecision, meanAveragePrecision, rankScores } from '../../../src-shared/domain/average-precision.ts';
import { leastProbability } from '../../../src-shared/domain/evaluation.ts';
import { presenceThreshold } from '../../../src-shared/domain/labelling.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { LossAndAccuracy } from './judging.ts';
import type { Objective } from './objective.ts';

interface MultiLabels {
  readonly recipe: Pick<Recipe, 'labelSmoothing' | 'classBalance'>;
  readonly classCount: number;
  /** Indices of classes, any number an image. */
  readonly training: readonly (readonly number[])[];
  readonly validation: readonly (readonly number[])[];
}

/**
 * Sigmoid and binary cross-entropy of each class for itself; accuracy is the share of right decisions, one for each class of each image, at
 * the threshold. Label smoothing goes half-way to either answer, as in Keras's BinaryCrossentropy.
 */
export function multiLabelObjective({ recipe, classCount, training, validation }: MultiLabels): Objective {
  const { labelSmoothing, classBalance } = recipe;
  const positiveWeights = classBalance === 'class-weights' ? positiveClassWeights(training, classCount) : null;
  return {
    samplingLabels: training.map(() => 0),
    answersPerGuess: 2,
    labelRows: (indices) =>
      multiHot(
        indices.map((index) => training[index] ?? []),
        classCount,
      ),
    lossTargets: (labels) => ({
      targets: labelSmoothing === 0 ? labels : labels.map((share) => share * (1 - labelSmoothing) + labelSmoothing / 2),
      ...(positiveWeights && { positiveWeights }),
    }),
    countRight: (probabilities, labels) => countRightDecisions(probabilities, labels) / classCount,
    judge: (probabilities) => judgeLabels(probabilities, multiHot(validation, classCount), classCount),
  };
}

/** Rows with a one at each label, [images, classes]. */
export function multiHot(labels: readonly (readonly number[])[], classCount: number): Float32Array {
  const rows = new Float32Array(labels.length * classCount);
  labels.forEach((ofImage, row) => {
    for (const label of ofImage) rows[row * classCount + label] = 1;
  });
  return rows;
}

/** Images without the class for each with it, the pos_weight that PyTorch's documentation advises; 1 for a class that none has. */
export function positiveClassWeights(labels: readonly (readonly number[])[], classCount: number): Float32Array {
  const counts = new Float32Array(classCount);
  for (const label of labels.flat()) counts[label] = (counts[label] ?? 0) + 1;
  return counts.map((count) => (count === 0 || count === labels.length ? 1 : (labels.length - count) / count));
}

/** Judges rows of probabilities by the definitions of `evaluateLabels`. */
export function judgeLabels(probabilities: Float32Array, labels: Float32Array, classCount: number): LossAndAccuracy {
  let loss = 0;
  for (let index = 0; index < labels.length; index += 1) {
    const probability = probabilities[index] ?? Number.NaN;
    const ofAnswer = labels[index] === 1 ? probability : 1 - probability;
    loss -= Math.log(Math.max(leastProbability, ofAnswer));
  }
  const total = Math.max(1, labels.length);
  const imageCount = labels.length / classCount;
  const column = (values: Float32Array, place: number): Float32Array =>
    Float32Array.from({ length: imageCount }, (_, row) => values[row * classCount + place] ?? 0);
  const averages = Array.from({ length: classCount }, (_, place) =>
    averagePrecision(rankScores(column(probabilities, place)), column(labels, place)),
  );
  return {
    loss: loss / total,
    accuracy: countRightDecisions(probabilities, labels) / total,
    meanAveragePrecision: meanAveragePrecision(averages),
  };
}

function countRightDecisions(probabilities: Float32Array, labels: Float32Array): number {
  return probabilities.reduce(
    (sum, probability, index) =>
      sum + (probability >= presenceThreshold === (labels[index] ?? 0) >= presenceThreshold ? 1 : 0),
    0,
  );
}
