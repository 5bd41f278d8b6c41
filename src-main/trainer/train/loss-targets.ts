/** What the loss of a batch is measured against, in the terms of `TrainingBatch`. */
export interface LossTargets {
  readonly targets: Float32Array;
  readonly sampleWeights?: Float32Array;
  readonly weightTotal?: number;
}

/** Rows of labels, [images, classes], each with the sum 1. */
export interface BatchLabels {
  readonly values: Float32Array;
  readonly classCount: number;
  /** True where rows blend the labels of two images. */
  readonly isMixed: boolean;
}

/** torch.nn.CrossEntropyLoss's options. */
export interface LossOptions {
  readonly labelSmoothing: number;
  /** One per class; null weighs all alike. */
  readonly classWeights: readonly number[] | null;
}

/**
 * Turns labels into targets whose weighted mean cross-entropy is torch.nn.CrossEntropyLoss's.
 *
 * A class's weight multiplies its share of the target. The mean is over the weights of the labels, but over the images where rows are
 * mixed: PyTorch's rules for class indices and for class probabilities.
 */
export function lossTargets(labels: BatchLabels, { labelSmoothing, classWeights }: LossOptions): LossTargets {
  const { values, classCount, isMixed } = labels;
  const smooth = (share: number): number => share * (1 - labelSmoothing) + labelSmoothing / classCount;
  const smoothed = labelSmoothing === 0 ? values : values.map(smooth);
  if (!classWeights) return { targets: smoothed };
  const weigh = (share: number, index: number): number => share * (classWeights[index % classCount] ?? 1);
  const weighted = smoothed.map(weigh);
  const count = values.length / classCount;
  const sampleWeights = Float32Array.from({ length: count }, (_, row) => sumOfRow(weighted, row, classCount));
  // The kernel's gradient holds for rows with the sum 1; what they lose here is in the weight of the image.
  const targets = weighted.map((share, index) => share / (sampleWeights[Math.floor(index / classCount)] ?? 1));
  const weightTotal = isMixed ? count : values.reduce((sum, share, index) => sum + weigh(share, index), 0);
  return { targets, sampleWeights, weightTotal };
}

/** scikit-learn's "balanced" weights: images / (classes · images of the class). */
export function balancedClassWeights(labels: readonly number[], classCount: number): readonly number[] {
  const counts = Array.from({ length: classCount }, () => 0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts.map((count) => labels.length / (classCount * Math.max(1, count)));
}

function sumOfRow(values: Float32Array, row: number, length: number): number {
  return values.subarray(row * length, (row + 1) * length).reduce((sum, value) => sum + value, 0);
}
