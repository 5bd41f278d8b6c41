import type { Optimizer as OptimizerSettings } from '../../src-shared/domain/recipe/optimizer.ts';
import { sizeOfShape, type WeightArray, type WeightName } from '../network/weights.ts';
import type { Gradients } from './gradients.ts';
import type { Tensor, TensorFlow } from './tensorflow.ts';
import { updateRule, type UpdateRule } from './update-rules.ts';
import { toWeightArray, type Variables } from './variables.ts';

/** What an optimizer remembers: with it and the weights, training goes on as if it had never stopped. */
export interface OptimizerState {
  /** Steps done. */
  readonly stepCount: number;
  /** Arrays by `<weight>:<slot>`. */
  readonly slots: ReadonlyMap<string, WeightArray>;
}

/** What one step of an optimizer does besides its rule. */
export interface StepSettings {
  readonly learningRateOf: (name: WeightName) => number;
  /** A scalar that all gradients are multiplied by. */
  readonly gradientFactor?: Tensor | undefined;
}

/** Turns gradients into changes of weights. Made for one set of trainable weights; a new phase gets a new one. */
export interface Optimizer {
  /** Changes every variable that has a gradient. Does not free the gradients. */
  apply(variables: Variables, gradients: Gradients, settings: StepSettings): void;
  state(): OptimizerState;
  restore(state: OptimizerState): void;
  dispose(): void;
}

/** A new optimizer that remembers nothing yet. Weight decay touches kernels only, never biases or batch norm. */
export function createOptimizer(tensorFlow: TensorFlow, settings: OptimizerSettings, weightDecay: number): Optimizer {
  return new SlotOptimizer(tensorFlow, updateRule(settings), weightDecay);
}

/** Kept only for weights that began to learn later than the others. */
const stepsBeforeSlot = 'steps-before';

class SlotOptimizer implements Optimizer {
  readonly #tensorFlow: TensorFlow;
  readonly #rule: UpdateRule;
  readonly #slots = new Map<string, Tensor>();
  /** Steps that were done before a weight began to learn. */
  readonly #stepsBefore = new Map<WeightName, number>();
  readonly #weightDecay: number;
  #stepCount = 0;

  constructor(tensorFlow: TensorFlow, rule: UpdateRule, weightDecay: number) {
    this.#tensorFlow = tensorFlow;
    this.#rule = rule;
    this.#weightDecay = weightDecay;
  }

  apply(variables: Variables, gradients: Gradients, settings: StepSettings): void {
    for (const [name, gradient] of gradients) this.#applyTo(name, variables, gradient, settings);
    this.#stepCount += 1;
  }

  #applyTo(
    name: WeightName,
    variables: Variables,
    raw: Tensor,
    { learningRateOf, gradientFactor }: StepSettings,
  ): void {
    const { tf } = this.#tensorFlow;
    const weight = variables.get(name);
    const slot = (slotName: string): Tensor => this.#slots.get(`${name}:${slotName}`) ?? tf.zerosLike(weight);
    const weightDecay = isDecayed(name) ? this.#weightDecay : 0;
    const fixed = {
      weight,
      slot,
      learningRate: learningRateOf(name),
      stepNumber: this.#stepNumberOf(name),
      weightDecay,
    };
    const next = tf.tidy(() => this.#rule({ ...fixed, gradient: gradientFactor ? raw.mul(gradientFactor) : raw }));
    variables.replace(name, next.weight);
    for (const [slotName, tensor] of Object.entries(next.slots)) this.#replaceSlot(`${name}:${slotName}`, tensor);
  }

  #stepNumberOf(name: WeightName): number {
    const stepsBefore = this.#stepsBefore.get(name) ?? this.#stepCount;
    this.#stepsBefore.set(name, stepsBefore);
    return this.#stepCount - stepsBefore + 1;
  }

  #replaceSlot(key: string, tensor: Tensor): void {
    this.#slots.get(key)?.dispose();
    this.#slots.set(key, tensor);
  }

  state(): OptimizerState {
    const slots = new Map([...this.#slots].map(([key, tensor]) => [key, toWeightArray(tensor)]));
    const late = [...this.#stepsBefore].filter(([, steps]) => steps > 0);
    const counts = late.map(([name, steps]): [string, WeightArray] => {
      return [`${name}:${stepsBeforeSlot}`, { shape: [1], values: Float32Array.of(steps) }];
    });
    return { stepCount: this.#stepCount, slots: new Map([...slots, ...counts]) };
  }

  restore({ stepCount, slots }: OptimizerState): void {
    this.dispose();
    this.#stepCount = stepCount;
    for (const [key, { shape, values }] of slots) {
      const [name = '', slot] = key.split(':');
      const isCount = slot === stepsBeforeSlot;
      this.#stepsBefore.set(name, isCount ? (values[0] ?? 0) : (this.#stepsBefore.get(name) ?? 0));
      if (isCount) continue;
      if (values.length !== sizeOfShape(shape))
        throw new Error(`Expected ${sizeOfShape(shape)} values for ${key}, received ${values.length}`);
      this.#slots.set(key, this.#tensorFlow.tf.tensor(values.slice(), [...shape], 'float32'));
    }
  }

  dispose(): void {
    for (const tensor of this.#slots.values()) tensor.dispose();
    this.#slots.clear();
    this.#stepsBefore.clear();
    this.#stepCount = 0;
  }
}

function isDecayed(name: WeightName): boolean {
  return name.endsWith('/kernel') || name.endsWith('/depthwise_kernel');
}
