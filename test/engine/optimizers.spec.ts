import { beforeAll, describe, expect, it } from 'vitest';
import type { NetworkWeights } from '../../src-main/network/weights.ts';
import { adamDefaults, createOptimizer, type OptimizerSettings } from '../../src-main/trainer/optimizers.ts';
import type { TensorFlow } from '../../src-main/trainer/tensorflow.ts';
import { Variables } from '../../src-main/trainer/variables.ts';
import { openTensorFlow } from '../support/engine.ts';

let tensorFlow: TensorFlow;
beforeAll(async () => {
  tensorFlow = await openTensorFlow();
});

/** Weight 2 with the gradients 0.5, −1, 0.25; the bias beside it has the same numbers but never decays. */
const gradients = [0.5, -1, 0.25];
const start: NetworkWeights = new Map(
  ['dense/kernel', 'dense/bias', 'norm/gamma'].map((name) => [name, { shape: [1], values: Float32Array.of(2) }]),
);
const learningRate = 0.1;

function runSteps(settings: OptimizerSettings, isResumed = false): Record<string, number> {
  const variables = new Variables(tensorFlow, start);
  let optimizer = createOptimizer(tensorFlow, settings);
  for (const gradient of gradients) {
    if (isResumed) {
      const saved = optimizer.state();
      optimizer.dispose();
      optimizer = createOptimizer(tensorFlow, settings);
      optimizer.restore(saved);
    }
    const tensors = new Map([...start.keys()].map((name) => [name, tensorFlow.tf.tensor1d([gradient])]));
    optimizer.apply(variables, tensors, learningRate);
    for (const tensor of tensors.values()) tensor.dispose();
  }
  const result = Object.fromEntries([...variables.read()].map(([name, { values }]) => [name, values[0] ?? NaN]));
  variables.dispose();
  optimizer.dispose();
  return result;
}

/** torch.optim.SGD's page, line by line, in double precision. */
function sgdByHand(momentum: number, isNesterov: boolean, weightDecay: number): number {
  let weight = 2;
  let buffer = 0;
  for (const [index, raw] of gradients.entries()) {
    let gradient = raw + weightDecay * weight;
    if (momentum !== 0) {
      buffer = index === 0 ? gradient : momentum * buffer + gradient;
      gradient = isNesterov ? gradient + momentum * buffer : buffer;
    }
    weight -= learningRate * gradient;
  }
  return weight;
}

/** torch.optim.Adam's and AdamW's pages, line by line. */
function adamByHand(isDecoupled: boolean, weightDecay: number): number {
  let [weight, first, second] = [2, 0, 0];
  for (const [index, raw] of gradients.entries()) {
    if (isDecoupled) weight -= learningRate * weightDecay * weight;
    const gradient = isDecoupled ? raw : raw + weightDecay * weight;
    first = 0.9 * first + 0.1 * gradient;
    second = 0.999 * second + 0.001 * gradient ** 2;
    const [meanHat, squareHat] = [first / (1 - 0.9 ** (index + 1)), second / (1 - 0.999 ** (index + 1))];
    weight -= (learningRate * meanHat) / (Math.sqrt(squareHat) + 1e-8);
  }
  return weight;
}

interface Case {
  readonly name: string;
  readonly settings: OptimizerSettings;
  readonly decayed: number;
  readonly plain: number;
}

const sgd = (momentum: number, isNesterov: boolean): Case => ({
  name: `SGD with momentum ${momentum}${isNesterov ? ' and Nesterov' : ''}`,
  settings: { kind: 'sgd', momentum, isNesterov, weightDecay: 0.3 },
  decayed: sgdByHand(momentum, isNesterov, 0.3),
  plain: sgdByHand(momentum, isNesterov, 0),
});
const adam = (kind: 'adam' | 'adamw'): Case => ({
  name: kind,
  settings: { kind, ...adamDefaults, weightDecay: 0.3 },
  decayed: adamByHand(kind === 'adamw', 0.3),
  plain: adamByHand(kind === 'adamw', 0),
});

describe.each([sgd(0, false), sgd(0.9, false), sgd(0.9, true), adam('adam'), adam('adamw')])(
  '$name',
  ({ settings, decayed, plain }) => {
    it('changes weights as PyTorch does, and decays kernels only', () => {
      const result = runSteps(settings);
      expect(result['dense/kernel']).toBeCloseTo(decayed, 5);
      expect(result['dense/bias']).toBeCloseTo(plain, 5);
      expect(result['norm/gamma']).toBeCloseTo(plain, 5);
    });

    it('goes on from its saved state with the same bits', () => {
      expect(runSteps(settings, true)).toEqual(runSteps(settings));
    });
  },
);
