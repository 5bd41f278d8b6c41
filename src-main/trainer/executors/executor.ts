/**
 * What runs a Network. The training loop is written against these interfaces and knows no engine.
 *
 * An `InferenceExecutor` runs forward only; a `TrainingExecutor` also computes gradients. Both work on a stretch of the network
 * between two points. A point is named by the layer whose output it is: the input layer for pixels, `features` for pooled features,
 * the last layer of a stage for that stage's output, the output layer for class probabilities (of a softmax, or a sigmoid for each class).
 *
 * A run of feature extraction:
 *
 *     const pixels = inputLayer(network).name;
 *     const features = await executor.infer({ from: pixels, to: featuresLayerName, count, values });   // once per image; cache them
 *     executor.beginTraining({ from: featuresLayerName, trainable: trainableWeights(network, { fromStage: 'classifier' }), batchNorm: 'frozen' });
 *     const step = await executor.computeGradients({ count, values, targets, seed });                    // values: features of the batch
 *     optimizer.apply(executor.variables, step.gradients, learningRate);
 *     step.dispose();
 *
 * A run of fine-tuning calls `beginTraining` again with `from: pixels` and more trainable weights; variables keep their values.
 * Nothing is random but dropout, which is a function of the batch's `seed`; on a CPU the same calls give the same bits.
 * Calls must not overlap: await one before the next.
 */
import type { LayerName } from '../../network/layer.ts';
import type { Network } from '../../network/network.ts';
import type { NetworkWeights, WeightName } from '../../network/weights.ts';
import type { Variables } from '../variables.ts';
import type { Gradients } from '../gradients.ts';

/** Activations of `count` images at one point of the network: row-major float32, [count, …shape of that point]. */
export interface Activations {
  readonly count: number;
  readonly values: Float32Array;
}

/** A forward pass in evaluation mode (running batch-norm statistics, no dropout) from one point to a later one. */
export interface InferRequest extends Activations {
  readonly from: LayerName;
  readonly to: LayerName;
}

/** Runs a network forward. */
export interface InferenceExecutor {
  readonly network: Network;
  /** Activations at `to`, in host memory. Class probabilities where `to` is the output layer. */
  infer(request: InferRequest): Promise<Float32Array>;
  /** Frees what the engine holds; the executor is unusable afterwards. */
  dispose(): void;
}

/** What learns, and from where the batches come. */
export interface TrainingPlan {
  /** The point whose activations training batches bring. Every path from input to output must pass through it. */
  readonly from: LayerName;
  /** Weights that learn; all lie after `from`. Batch norm's running statistics are never among them. */
  readonly trainable: ReadonlySet<WeightName>;
  /**
   * 'frozen': batch norm is the affine map of its running statistics, which do not move (gamma and beta do not learn).
   * 'trained': layers whose gamma is trainable normalise by the batch and update the running averages; others stay frozen.
   */
  readonly batchNorm: 'frozen' | 'trained';
}

/** The weights that a step of this plan changes: those that learn, and the running statistics of the batch norms among them. */
export function changingWeights({ trainable }: TrainingPlan): readonly WeightName[] {
  const norms = [...trainable].filter((name) => name.endsWith('/gamma')).map((name) => name.slice(0, -'/gamma'.length));
  return [...trainable, ...norms.flatMap((layer) => [`${layer}/moving_mean`, `${layer}/moving_variance`])];
}

/** One training batch. */
export interface TrainingBatch extends Activations {
  /**
   * [count, classes]. One-hot, or softened by label smoothing, mixup or cutmix; for a softmax each row sums to 1, for a sigmoid each
   * number is between 0 and 1.
   */
  readonly targets: Float32Array;
  /** For a sigmoid: [classes], see `BinaryTargets`. */
  readonly positiveWeights?: Float32Array;
  /** For a softmax: [count]; weight of each image in the mean loss (class weights). All 1 when left out. */
  readonly sampleWeights?: Float32Array;
  /** For a softmax: what the weighted losses are divided by; the sum of the weights when left out. */
  readonly weightTotal?: number;
  /** Seed of this step's dropout masks. */
  readonly seed: number | string;
}

/** What one batch says. Dispose it after use: the gradients live in the engine. */
export interface TrainingStep {
  /** Of a softmax the mean cross-entropy of the batch, weighted: Σ wᵢ·lossᵢ / weightTotal; of a sigmoid `binaryCrossEntropy`. */
  readonly loss: number;
  /** [count, classes], from the same forward pass as the loss (training mode). */
  readonly probabilities: Float32Array;
  /** d loss / d weight for every trainable weight. */
  readonly gradients: Gradients;
  dispose(): void;
}

/** Runs a network forward and backward. */
export interface TrainingExecutor extends InferenceExecutor {
  /** The network's numbers, in the engine; optimizers and checkpoints work on them. */
  readonly variables: Variables;
  /** Sets what the following steps train; may be called again at any time. */
  beginTraining(plan: TrainingPlan): void;
  /** Forward in training mode and backward. Changes no variable but the running averages of batch norm in mode 'trained'. */
  computeGradients(batch: TrainingBatch): Promise<TrainingStep>;
  /** Copies all weights to host memory, for checkpoints, exports and other executors. */
  readWeights(): NetworkWeights;
  /** Replaces the weights named (all or some); shapes must match. */
  writeWeights(weights: NetworkWeights): void;
}
