import { describe, expect, it } from 'vitest';
import { featuresLayerName, headStageName } from '../../src-main/network/attach-head.ts';
import { trainableWeights } from '../../src-main/network/parameters.ts';
import { getWeight } from '../../src-main/network/weights.ts';
import type { TrainingBatch, TrainingExecutor } from '../../src-main/trainer/executors/executor.ts';
import { createOptimizer } from '../../src-main/trainer/optimizers.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import { headEngines } from '../support/engine.ts';
import { tinyNetwork, withRandomWeights } from '../support/tiny-networks.ts';

const plain = withRandomWeights(tinyNetwork());
const withDropout = withRandomWeights(tinyNetwork({ hasDropout: true }));
const count = 6;

/** Features of six images; soft targets and uneven weights, the general case of the loss. */
function randomBatch(seed: number): TrainingBatch {
  const random = createRandom(seed);
  const values = Float32Array.from({ length: count * 4 }, () => random.uniform(0, 3));
  const targets = Float32Array.from({ length: count * 3 }, (_, index) =>
    index % 3 === Math.floor(index / 3) % 3 ? 0.8 : 0.1,
  );
  return { count, values, targets, sampleWeights: Float32Array.of(1, 2, 0.5, 1, 0, 3), weightTotal: 9, seed };
}

function begin(executor: TrainingExecutor): void {
  const trainable = trainableWeights(executor.network, { fromStage: headStageName, batchNorm: 'frozen' });
  executor.beginTraining({ from: featuresLayerName, trainable, batchNorm: 'frozen' });
}

type Open = (typeof headEngines)[string];

/** Loss, probabilities and gradients of one batch, in that order. */
async function numbersOfStep(open: Open, model: typeof plain): Promise<readonly Float32Array[]> {
  const { executor } = await open(model);
  begin(executor);
  const step = await executor.computeGradients(randomBatch(3));
  const gradients = ['classifier/kernel', 'classifier/bias'].map((name) =>
    Float32Array.from(step.gradients.get(name)?.dataSync() ?? []),
  );
  step.dispose();
  executor.dispose();
  return [Float32Array.of(step.loss), step.probabilities, ...gradients];
}

async function trainedKernel(open: Open): Promise<Float32Array> {
  const { tensorFlow, executor } = await open(withDropout);
  const settings = { kind: 'sgd', momentum: 0.9, isNesterov: true } as const;
  const optimizer = createOptimizer(tensorFlow, settings, 1e-3);
  begin(executor);
  for (let index = 0; index < 20; index += 1) {
    const step = await executor.computeGradients(randomBatch(index));
    optimizer.apply(executor.variables, step.gradients, { learningRateOf: () => 0.05 });
    step.dispose();
  }
  const { values } = getWeight(executor.readWeights(), 'classifier/kernel');
  optimizer.dispose();
  executor.dispose();
  return values;
}

describe.each(Object.entries(headEngines))('a head on %s', (_name, open) => {
  it.each([
    ['', plain],
    [' with dropout', withDropout],
  ])('has the loss, probabilities and gradients of TensorFlow%s', async (_what, model) => {
    const expected = await numbersOfStep(headEngines['TensorFlow']!, model);
    const actual = await numbersOfStep(open, model);
    actual.forEach((values, index) => expect(largestDifference(values, expected[index]!)).toBeLessThan(2e-6));
  });

  it('learns the same with the same seed, to the bit, and what TensorFlow learns', async () => {
    const once = await trainedKernel(open);
    expect(await trainedKernel(open)).toEqual(once);
    expect(largestDifference(once, await trainedKernel(headEngines['TensorFlow']!))).toBeLessThan(1e-5);
    expect(largestDifference(once, getWeight(withDropout.weights, 'classifier/kernel').values)).toBeGreaterThan(0.01);
  });

  it('judges from pixels and from features with the weights as they are', async () => {
    const { executor } = await open(plain);
    const random = createRandom(4);
    const values = Float32Array.from({ length: 2 * 5 * 6 * 3 }, () => random.uniform(-2, 2));
    const features = await executor.infer({ from: 'image', to: 'features', count: 2, values });
    const before = await executor.infer({ from: 'features', to: 'classifier', count: 2, values: features });
    const fromPixels = await executor.infer({ from: 'image', to: 'classifier', count: 2, values });
    expect(largestDifference(fromPixels, before)).toBeLessThan(1e-6);
    const kernel = getWeight(plain.weights, 'classifier/kernel');
    const doubled = { ...kernel, values: kernel.values.map((value) => value * 2) };
    executor.writeWeights(new Map([...plain.weights, ['classifier/kernel', doubled]]));
    expect(getWeight(executor.readWeights(), 'classifier/kernel')).toEqual(doubled);
    const after = await executor.infer({ from: 'features', to: 'classifier', count: 2, values: features });
    expect(largestDifference(after, before)).toBeGreaterThan(0.001);
    executor.dispose();
  });

  it('leaves no tensor behind', async () => {
    const { tensorFlow, executor } = await open(plain);
    const before = tensorFlow.tf.memory().numTensors;
    begin(executor);
    (await executor.computeGradients(randomBatch(1))).dispose();
    expect(tensorFlow.tf.memory().numTensors).toBe(before);
    executor.dispose();
    expect(tensorFlow.tf.memory().numTensors).toBeLessThan(before);
  });
});

describe('a head on ONNX Runtime', () => {
  it('refuses to train anything else, by name', async () => {
    const { executor } = await headEngines['ONNX Runtime']!(plain);
    const plan = { from: 'features', batchNorm: 'frozen' } as const;
    expect(() => executor.beginTraining({ ...plan, trainable: new Set(['stem_conv/kernel']) })).toThrow(/stem_conv/);
    expect(() => executor.beginTraining({ ...plan, from: 'image', trainable: new Set() })).toThrow(
      /image cannot learn/,
    );
    const other = new Map([['stem_conv/kernel', { shape: [1], values: new Float32Array(1) }]]);
    expect(() => executor.writeWeights(other)).toThrow(/stem_conv\/kernel does not change/);
    executor.dispose();
  });
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a, (value, index) => Math.abs(value - (b[index] ?? NaN))).reduce((x, y) => Math.max(x, y), 0);
}
