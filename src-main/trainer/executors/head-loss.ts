import { headPorts } from '../../network/onnx/head-to-onnx.ts';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import type { TrainingBatch } from './executor.ts';

/** What goes into a head's training model for a batch, and the loss that follows from what comes out. */
interface HeadLoss {
  /** By port, [count, classes]. */
  readonly perClass: Readonly<Record<string, Float32Array>>;
  /** [count]: the weight of an image, or of each of its numbers, in the mean. */
  readonly shares: Float32Array;
  readonly of: (read: (port: string) => Float32Array) => number;
}

/** Cross-entropy of one class an image. */
export function softmaxLoss(batch: TrainingBatch): HeadLoss {
  const { targets } = batch;
  const shares = sharesOf(batch);
  return {
    perClass: { [headPorts.targets]: targets },
    shares,
    of: (read) => crossEntropy(read(headPorts.logProbabilities), targets, shares),
  };
}

/** Binary cross-entropy of each class for itself. */
export function sigmoidLoss(batch: TrainingBatch, classCount: number): HeadLoss {
  const { count, targets, positiveWeights } = batch;
  const weightOf = (index: number): number => positiveWeights?.[index % classCount] ?? 1;
  return {
    perClass: {
      [headPorts.targets]: targets.map((target, index) => weightOf(index) * target),
      [headPorts.weights]: targets.map((target, index) => 1 + (weightOf(index) - 1) * target),
    },
    shares: new Float32Array(count).fill(1 / (count * classCount)),
    of: (read) => binaryCrossEntropy(read(headPorts.logits), batch).loss,
  };
}

/** The weight of each image in the mean of its batch. */
function sharesOf({ count, sampleWeights, weightTotal }: TrainingBatch): Float32Array {
  if (!sampleWeights && weightTotal === undefined) return new Float32Array(count).fill(1 / count);
  const weights = sampleWeights ?? new Float32Array(count).fill(1);
  const total = weightTotal ?? weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function crossEntropy(logProbabilities: Float32Array, targets: Float32Array, shares: Float32Array): number {
  const classCount = targets.length / Math.max(1, shares.length);
  let loss = 0;
  for (let index = 0; index < targets.length; index += 1) {
    const target = targets[index] ?? 0;
    if (target === 0) continue;
    loss -= target * (logProbabilities[index] ?? Number.NaN) * (shares[Math.floor(index / classCount)] ?? 0);
  }
  return loss;
}
