import { leastProbability } from '../../../src-shared/domain/evaluation.ts';
import { argmax } from '../../../src-shared/lib/argmax.ts';

/** Mean cross-entropy in nats and share of right answers, 0 … 1. */
export interface LossAndAccuracy {
  readonly loss: number;
  readonly accuracy: number;
  /** Of a multi-label training on its validation images. */
  readonly meanAveragePrecision?: number;
}

/** Running sums over images, from which the means of an epoch come. */
export interface JudgedSums {
  readonly loss: number;
  readonly correct: number;
  readonly images: number;
}

/** The means of what was summed up; zeros over no image. */
export function meansOf({ loss, correct, images }: JudgedSums): LossAndAccuracy {
  return images === 0 ? { loss: 0, accuracy: 0 } : { loss: loss / images, accuracy: correct / images };
}

/** Judges rows of class probabilities by the definitions of `evaluate`: same least probability, ties to the lower index. */
export function judge(probabilities: Float32Array, labels: readonly number[]): LossAndAccuracy {
  const classCount = probabilities.length / Math.max(1, labels.length);
  let loss = 0;
  labels.forEach((label, row) => {
    // Of a network of NaN the loss is NaN, too.
    loss -= Math.log(Math.max(leastProbability, probabilities[row * classCount + label] ?? Number.NaN));
  });
  return meansOf({ loss, correct: countCorrect(probabilities, labels), images: labels.length });
}

/** How many rows have their greatest probability at their label. */
export function countCorrect(probabilities: Float32Array, labels: readonly number[]): number {
  const classCount = probabilities.length / Math.max(1, labels.length);
  return labels.filter((label, row) => argmax(rowOf(probabilities, row, classCount)) === label).length;
}

/** Rows with a one at each label: the targets of a batch. */
export function oneHot(labels: readonly number[], classCount: number): Float32Array {
  const targets = new Float32Array(labels.length * classCount);
  labels.forEach((label, row) => (targets[row * classCount + label] = 1));
  return targets;
}

/** The index of the highest value of each row, the lower one of equals. */
export function highestOfRows(values: Float32Array, rowLength: number): readonly number[] {
  return Array.from({ length: values.length / rowLength }, (_, row) => argmax(rowOf(values, row, rowLength)));
}

function rowOf(values: Float32Array, row: number, rowLength: number): Float32Array {
  return values.subarray(row * rowLength, (row + 1) * rowLength);
}
