import type { NetworkWeights, WeightArray, WeightName } from '../network/weights.ts';
import type { Tensor, TensorFlow } from './tensorflow.ts';

/** The numbers of a network in the engine. Owns its tensors. */
export class Variables {
  readonly #tensorFlow: TensorFlow;
  readonly #tensors = new Map<WeightName, Tensor>();
  readonly #versions = new Map<WeightName, number>();

  constructor(tensorFlow: TensorFlow, weights: NetworkWeights) {
    this.#tensorFlow = tensorFlow;
    for (const [name, { shape, values }] of weights) {
      this.#tensors.set(name, tensorFlow.tf.tensor(values.slice(), [...shape], 'float32'));
    }
  }

  has(name: WeightName): boolean {
    return this.#tensors.has(name);
  }

  /** The current tensor; it stays this object's own and is gone after the next `replace`. */
  get(name: WeightName): Tensor {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new Error(`No variable ${name}`);
    return tensor;
  }

  /** Rises with every change of this variable; tells whether something derived from it is out of date. */
  versionOf(name: WeightName): number {
    return this.#versions.get(name) ?? 0;
  }

  /** Takes over a tensor as the new value and frees the old one. */
  replace(name: WeightName, next: Tensor): void {
    this.exchange(name, next).dispose();
  }

  /** Takes over a tensor as the new value and hands out the old one. */
  exchange(name: WeightName, next: Tensor): Tensor {
    const previous = this.get(name);
    if (previous.shape.join() !== next.shape.join()) {
      throw new Error(`Expected shape [${previous.shape.join()}] for ${name}, received [${next.shape.join()}]`);
    }
    this.#tensors.set(name, next);
    this.#versions.set(name, this.versionOf(name) + 1);
    return previous;
  }

  /** Copies the values named, or all, to host memory. */
  read(names: Iterable<WeightName> = this.#tensors.keys()): NetworkWeights {
    return new Map(Array.from(names, (name) => [name, toWeightArray(this.get(name))]));
  }

  /** Replaces the named variables. */
  write(weights: NetworkWeights): void {
    for (const [name, { shape, values }] of weights) {
      this.replace(name, this.#tensorFlow.tf.tensor(values.slice(), [...shape], 'float32'));
    }
  }

  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
  }
}

/** A tensor's values in host memory. */
export function toWeightArray(tensor: Tensor): WeightArray {
  return { shape: tensor.shape, values: tensor.dataSync<'float32'>() };
}
