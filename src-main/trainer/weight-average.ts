import type { NetworkWeights, WeightName } from '../network/weights.ts';
import type { Tensor, TensorFlow } from './tensorflow.ts';
import { toWeightArray, type Variables } from './variables.ts';

/**
 * An exponential moving average of weights beside the weights themselves: tf.train.ExponentialMovingAverage with the number of updates,
 * average ← decay · average + (1 − decay) · weight, where the decay is at most (1 + updates) / (10 + updates).
 *
 * That bound makes early averages follow fast, so that a run of a hundred steps is not held back by where it began.
 */
export class WeightAverage {
  readonly #tensorFlow: TensorFlow;
  readonly #variables: Variables;
  readonly #decay: number;
  readonly #averages = new Map<WeightName, Tensor>();
  #updateCount = 0;

  constructor(tensorFlow: TensorFlow, variables: Variables, decay: number) {
    this.#tensorFlow = tensorFlow;
    this.#variables = variables;
    this.#decay = decay;
  }

  /** From now on these weights are averaged too, beginning with what they are. */
  follow(names: Iterable<WeightName>): void {
    for (const name of names) {
      if (!this.#averages.has(name)) this.#averages.set(name, this.#variables.get(name).clone());
    }
  }

  /** Takes in the weights after a step. */
  update(): void {
    const { tf } = this.#tensorFlow;
    const decay = Math.min(this.#decay, (1 + this.#updateCount) / (10 + this.#updateCount));
    this.#updateCount += 1;
    for (const [name, average] of this.#averages) {
      const weight = this.#variables.get(name);
      this.#averages.set(
        name,
        tf.tidy(() => average.mul(decay).add(weight.mul(1 - decay))),
      );
      average.dispose();
    }
  }

  /** Runs `work` with the averages in the place of the weights. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#exchange();
    try {
      return await work();
    } finally {
      this.#exchange();
    }
  }

  /** Copies the averages to host memory. */
  read(): NetworkWeights {
    return new Map([...this.#averages].map(([name, tensor]) => [name, toWeightArray(tensor)]));
  }

  /** Goes on from saved averages. */
  restore(averages: NetworkWeights, updateCount: number): void {
    this.dispose();
    this.#updateCount = updateCount;
    for (const [name, { shape, values }] of averages) {
      this.#averages.set(name, this.#tensorFlow.tf.tensor(values.slice(), [...shape], 'float32'));
    }
  }

  dispose(): void {
    for (const average of this.#averages.values()) average.dispose();
    this.#averages.clear();
    this.#updateCount = 0;
  }

  #exchange(): void {
    for (const [name, tensor] of this.#averages) this.#averages.set(name, this.#variables.exchange(name, tensor));
  }
}
