import { beforeAll, describe, expect, it } from 'vitest';
import type { Optimizer as OptimizerSettings } from '../../src-shared/domain/recipe/optimizer.ts';
import type { NetworkWeights } from '../../src-main/network/weights.ts';
import { createOptimizer } from '../../src-main/trainer/optimizers.ts';
import type { TensorFlow } from '../../src-main/trainer/tensorflow.ts';
import { Variables } from '../../src-main/trainer/variables.ts';
import { openTensorFlow } from '../support/engine.ts';
import { torchCases } from '../support/torch-cases.ts';

let tensorFlow: TensorFlow;
beforeAll(async () => {
  tensorFlow = await openTensorFlow();
});

const { gradients, learningRate, optimizers } = torchCases;
/** The same numbers under three names: the bias and the batch norm never decay. */
const start: NetworkWeights = new Map(
  ['dense/kernel', 'dense/bias', 'norm/gamma'].map((name) => [
    name,
    { shape: [torchCases.start.length], values: Float32Array.from(torchCases.start) },
  ]),
);

type WeightsByName = Readonly<Record<string, readonly number[]>>;

/** The weights after each step. */
function runSteps(settings: OptimizerSettings, weightDecay: number, isResumed = false): readonly WeightsByName[] {
  const variables = new Variables(tensorFlow, start);
  let optimizer = createOptimizer(tensorFlow, settings, weightDecay);
  const steps = gradients.map((gradient) => {
    if (isResumed) {
      const saved = optimizer.state();
      optimizer.dispose();
      optimizer = createOptimizer(tensorFlow, settings, weightDecay);
      optimizer.restore(saved);
    }
    const tensors = new Map([...start.keys()].map((name) => [name, tensorFlow.tf.tensor1d([...gradient])]));
    optimizer.apply(variables, tensors, learningRate);
    for (const tensor of tensors.values()) tensor.dispose();
    return Object.fromEntries([...variables.read()].map(([name, { values }]) => [name, [...values]]));
  });
  variables.dispose();
  optimizer.dispose();
  return steps;
}

function expectClose(actual: readonly number[] | undefined, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, index) => expect(actual?.[index]).toBeCloseTo(value, 5));
}

describe.each(optimizers)('$settings', ({ settings, weightDecay, plain, decayed }) => {
  it('changes weights as PyTorch does, step by step, and decays kernels only', () => {
    const steps = runSteps(settings, weightDecay);
    expect(steps).toHaveLength(plain.length);
    steps.forEach((weights, step) => {
      expectClose(weights['dense/kernel'], decayed[step] ?? []);
      expectClose(weights['dense/bias'], plain[step] ?? []);
      expectClose(weights['norm/gamma'], plain[step] ?? []);
    });
  });

  it('goes on from its saved state with the same bits', () => {
    expect(runSteps(settings, weightDecay, true)).toEqual(runSteps(settings, weightDecay));
  });
});
