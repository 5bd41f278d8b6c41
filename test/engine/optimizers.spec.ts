import { beforeAll, describe, expect, it } from 'vitest';
import type { Optimizer as OptimizerSettings } from '../../src-shared/domain/recipe/optimizer.ts';
import type { NetworkWeights } from '../../src-main/network/weights.ts';
import { clipFactor } from '../../src-main/trainer/gradients.ts';
import { createOptimizer } from '../../src-main/trainer/optimizers.ts';
import type { TensorFlow } from '../../src-main/trainer/tensorflow.ts';
import { Variables } from '../../src-main/trainer/variables.ts';
import { WeightAverage } from '../../src-main/trainer/weight-average.ts';
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
    optimizer.apply(variables, tensors, { learningRateOf: () => learningRate });
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

describe('what one step does besides its rule', () => {
  it.each(torchCases.clips)(
    'clips all gradients to the norm $maxNorm as clip_grad_norm_ does',
    ({ maxNorm, clipped }) => {
      const tensors = new Map(
        gradients.map((gradient, index) => [String(index), tensorFlow.tf.tensor1d([...gradient])]),
      );
      const factor = clipFactor(tensorFlow, tensors, maxNorm);
      const result = [...tensors.values()].map((tensor) => [
        ...tensorFlow.tf.tidy(() => tensor.mul(factor)).dataSync(),
      ]);
      clipped.forEach((expected, index) => expectClose(result[index], expected));
      for (const tensor of [factor, ...tensors.values()]) tensor.dispose();
    },
  );

  it('gives each weight its own rate, and one that begins late the steps of a beginner', () => {
    const settings = optimizers.find(({ settings: { kind } }) => kind === 'adam');
    if (!settings) throw new Error('No case for Adam');
    const variables = new Variables(tensorFlow, start);
    const optimizer = createOptimizer(tensorFlow, settings.settings, 0);
    const late = 'dense/bias';
    const steps = [gradients[3], ...gradients].map((gradient = [], index) => {
      const names = index === 0 ? ['dense/kernel'] : ['dense/kernel', late];
      const tensors = new Map(names.map((name) => [name, tensorFlow.tf.tensor1d([...gradient])]));
      optimizer.apply(variables, tensors, { learningRateOf: (name) => (name === late ? learningRate : 0) });
      for (const tensor of tensors.values()) tensor.dispose();
      return variables.read();
    });
    settings.plain.forEach((expected, index) =>
      expectClose([...(steps[index + 1]?.get(late)?.values ?? [])], expected),
    );
    expectClose([...(steps.at(-1)?.get('dense/kernel')?.values ?? [])], torchCases.start);
    variables.dispose();
    optimizer.dispose();
  });
});

describe('a moving average of weights', () => {
  const name = 'dense/kernel';
  const path = [3, 1, 4, 1, 5, 9, 2, 6];

  /** The averages after each update, saved and restored before the update of this number. */
  async function averages(decay: number, restoredBefore: number | null): Promise<readonly number[]> {
    const variables = new Variables(tensorFlow, new Map([[name, { shape: [1], values: Float32Array.of(2) }]]));
    let average = new WeightAverage(tensorFlow, variables, decay);
    average.follow([name]);
    const seen: number[] = [];
    for (const [index, value] of path.entries()) {
      variables.replace(name, tensorFlow.tf.tensor1d([value]));
      if (index === restoredBefore) {
        const saved = average.read();
        average.dispose();
        average = new WeightAverage(tensorFlow, variables, decay);
        average.restore(saved, index);
      }
      average.update();
      await average.during(() => {
        seen.push(variables.read().get(name)?.values[0] ?? NaN);
        return Promise.resolve();
      });
      expect(variables.read().get(name)?.values[0]).toBe(value);
    }
    average.dispose();
    variables.dispose();
    return seen;
  }

  it.each([0.5, 0.999])(
    'with decay %s is tf.train.ExponentialMovingAverage’s, and gives the weights back',
    async (decay) => {
      let expected = 2;
      const byHand = path.map((value, updates) => {
        const used = Math.min(decay, (1 + updates) / (10 + updates));
        return (expected -= (1 - used) * (expected - value));
      });
      expectClose(await averages(decay, null), byHand);
    },
  );

  it('goes on from saved averages with the same bits', async () => {
    expect(await averages(0.9, 4)).toEqual(await averages(0.9, null));
  });
});
