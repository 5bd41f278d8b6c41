import type { TrainingBatch } from '../executors/executor.ts';
import type { LossAndAccuracy } from './judging.ts';

/** What a training learns of its images, and how right it is: one class an image, or any number of them. */
export interface Objective {
  /** One per training image; balanced sampling draws each of its values as often. */
  readonly samplingLabels: readonly number[];
  /** Of so many answers blind guessing has one right. */
  readonly answersPerGuess: number;
  /** A fresh row for each of these training images, [images, classes]: 1 for its classes, 0 for the others. */
  labelRows(indices: readonly number[]): Float32Array;
  /** What the loss of a batch is measured against, from rows that may blend images. */
  lossTargets(
    labels: Float32Array,
    isMixed: boolean,
  ): Pick<TrainingBatch, 'targets' | 'sampleWeights' | 'weightTotal' | 'positiveWeights'>;
  /** How many images of a batch are answered rightly; where an image has several answers, the share of them that are right. */
  countRight(probabilities: Float32Array, labels: Float32Array): number;
  /** Judges the probabilities of all validation images. */
  judge(probabilities: Float32Array): LossAndAccuracy;
}
