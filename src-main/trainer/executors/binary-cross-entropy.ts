/** What a batch says about classes that are there or not, each for itself: arrays of [images, classes]. */
export interface BinaryTargets {
  /** 0 … 1. */
  readonly targets: Float32Array;
  /** One per class: what a class that is there counts, where one that is not counts 1. All 1 when left out. */
  readonly positiveWeights?: Float32Array | undefined;
}

/** The mean over images and classes, its gradient with respect to the logits, and sigmoid(logits). */
export interface BinaryCrossEntropy {
  readonly loss: number;
  readonly gradient: Float32Array;
  readonly probabilities: Float32Array;
}

/**
 * torch.nn.BCEWithLogitsLoss(pos_weight): the mean of (1 − t) · x + w · softplus(−x) with w = 1 + (p − 1) · t.
 *
 * softplus(−x) = max(−x, 0) + ln(1 + e^−|x|) is finite for every finite x, where ln(sigmoid(x)) would be −∞ from x = −104 on.
 */
export function binaryCrossEntropy(
  logits: Float32Array,
  { targets, positiveWeights }: BinaryTargets,
): BinaryCrossEntropy {
  const classCount = positiveWeights?.length ?? 1;
  const gradient = new Float32Array(logits.length);
  const probabilities = new Float32Array(logits.length);
  let sum = 0;
  for (let index = 0; index < logits.length; index += 1) {
    const logit = logits[index] ?? Number.NaN;
    const target = targets[index] ?? 0;
    const weight = 1 + ((positiveWeights?.[index % classCount] ?? 1) - 1) * target;
    const decay = Math.exp(-Math.abs(logit));
    sum += (1 - target) * logit + weight * (Math.max(-logit, 0) + Math.log1p(decay));
    const probability = logit >= 0 ? 1 / (1 + decay) : decay / (1 + decay);
    probabilities[index] = probability;
    gradient[index] = (1 - target - weight * (1 - probability)) / logits.length;
  }
  return { loss: sum / logits.length, gradient, probabilities };
}
