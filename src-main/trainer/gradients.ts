import type { WeightName } from '../network/weights.ts';
import type { Tensor, TensorFlow } from './tensorflow.ts';

/** d loss / d weight by weight, each with the shape of its weight. */
export type Gradients = ReadonlyMap<WeightName, Tensor>;

/** torch.nn.utils.clip_grad_norm_ adds this to the norm before it divides. */
const normEpsilon = 1e-6;

/**
 * What all gradients are multiplied by so that their common norm is at most `maxNorm`; a scalar that the caller frees.
 *
 * It stays in the engine: reading the norm would make every step wait for its end.
 */
export function clipFactor({ tf }: TensorFlow, gradients: Gradients, maxNorm: number): Tensor {
  return tf.tidy(() => {
    const squares = [...gradients.values()].map((gradient) => gradient.square().sum());
    const norm = tf.addN(squares).sqrt();
    return tf.minimum(tf.scalar(maxNorm).div(norm.add(normEpsilon)), tf.scalar(1));
  });
}
