import * as v from 'valibot';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { foldBatchNorm } from '../../src-main/network/fold-batch-norm.ts';
import { writeLayersModel, type WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { trainableWeights, weightSpecs } from '../../src-main/network/parameters.ts';
import { cutStretch } from '../../src-main/network/split.ts';
import { getWeight, type NetworkWeights } from '../../src-main/network/weights.ts';
import type { TrainingBatch, TrainingExecutor } from '../../src-main/trainer/executors/executor.ts';
import { createTensorFlowExecutor } from '../../src-main/trainer/executors/tensorflow-executor.ts';
import { createOptimizer } from '../../src-main/trainer/optimizers.ts';
import type { NativeTensorFlow } from '../../src-main/trainer/tensorflow.ts';
import { optimizerDefaults } from '../../src-shared/domain/recipe/optimizer.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import { openTensorFlow } from '../support/engine.ts';
import { tinyGatedNetwork, tinyNetwork, withRandomWeights } from '../support/tiny-networks.ts';

const count = 4;
let tensorFlow: NativeTensorFlow;
let model: WeightedNetwork;

beforeAll(async () => {
  tensorFlow = await openTensorFlow();
  model = withRandomWeights(tinyNetwork());
});

function randomBatch(size = 5 * 6 * 3): TrainingBatch {
  const random = createRandom(11);
  const values = Float32Array.from({ length: count * size }, () => random.uniform(-2, 2));
  // Soft targets and uneven weights: the general case of the loss.
  const targets = Float32Array.from({ length: count * 3 }, (_, index) =>
    index % 3 === Math.floor(index / 3) % 3 ? 0.8 : 0.1,
  );
  return { count, values, targets, sampleWeights: Float32Array.of(1, 2, 0.5, 1), seed: 5 };
}

function begin(executor: TrainingExecutor, fromStage: string, batchNorm: 'frozen' | 'trained', from = 'image'): void {
  executor.beginTraining({ from, trainable: trainableWeights(executor.network, { fromStage, batchNorm }), batchNorm });
}

async function lossWith(
  tried: WeightedNetwork,
  batchNorm: 'frozen' | 'trained',
  batch: TrainingBatch,
): Promise<number> {
  const executor = createTensorFlowExecutor(tensorFlow, tried);
  begin(executor, 'stem', batchNorm);
  const step = await executor.computeGradients(batch);
  step.dispose();
  executor.dispose();
  return step.loss;
}

/** (loss(w + h) − loss(w − h)) / 2h for one number of one weight. */
async function numericGradient(
  { network, weights }: WeightedNetwork,
  { name, index }: { readonly name: string; readonly index: number },
  batchNorm: 'frozen' | 'trained',
  batch: TrainingBatch,
): Promise<number> {
  const step = 2e-3;
  const shifted = async (by: number): Promise<number> => {
    const weight = getWeight(weights, name);
    const values = weight.values.slice();
    values[index] = (values[index] ?? 0) + by;
    return lossWith({ network, weights: new Map(weights).set(name, { ...weight, values }) }, batchNorm, batch);
  };
  return ((await shifted(step)) - (await shifted(-step))) / (2 * step);
}

describe.each(['frozen', 'trained'] as const)('gradients with batch norm %s', (batchNorm) => {
  it.each([tinyNetwork(), tinyGatedNetwork()])(
    'equal numeric differences for every weight of $name',
    async (network) => {
      const batch = randomBatch();
      const tested = withRandomWeights(network);
      const executor = createTensorFlowExecutor(tensorFlow, tested);
      begin(executor, 'stem', batchNorm);
      const step = await executor.computeGradients(batch);
      const trainable = trainableWeights(network, { fromStage: 'stem', batchNorm });
      expect([...step.gradients.keys()].sort()).toEqual([...trainable].sort());
      for (const [name, gradient] of step.gradients) {
        const analytic = gradient.dataSync();
        for (const index of new Set([0, Math.floor(analytic.length / 2), analytic.length - 1])) {
          const numeric = await numericGradient(tested, { name, index }, batchNorm, batch);
          expect(Math.abs((analytic[index] ?? NaN) - numeric), `${name}[${index}]`).toBeLessThan(
            2e-3 + 0.02 * Math.abs(numeric),
          );
        }
      }
      step.dispose();
      executor.dispose();
    },
  );
});

describe('the loss', () => {
  it('is the weighted mean cross-entropy of its own probabilities', async () => {
    const batch = randomBatch();
    const executor = createTensorFlowExecutor(tensorFlow, model);
    begin(executor, 'stem', 'frozen');
    const step = await executor.computeGradients(batch);
    const weights = batch.sampleWeights ?? new Float32Array();
    const losses = Array.from(weights, (weight, row) => {
      const terms = [0, 1, 2].map(
        (column) => -(batch.targets[row * 3 + column] ?? 0) * Math.log(step.probabilities[row * 3 + column] ?? NaN),
      );
      return weight * terms.reduce((sum, term) => sum + term, 0);
    });
    const expected = losses.reduce((sum, loss) => sum + loss, 0) / weights.reduce((sum, weight) => sum + weight, 0);
    expect(step.loss).toBeCloseTo(expected, 5);
    step.dispose();
    executor.dispose();
  });
});

describe('inference', () => {
  it('gives the same through pooled features as in one go, and as the folded network', async () => {
    const { values } = randomBatch();
    const executor = createTensorFlowExecutor(tensorFlow, model);
    const whole = await executor.infer({ from: 'image', to: 'classifier', count, values });
    const features = await executor.infer({ from: 'image', to: 'features', count, values });
    const fromFeatures = await executor.infer({ from: 'features', to: 'classifier', count, values: features });
    const folded = createTensorFlowExecutor(tensorFlow, foldBatchNorm(model));
    const ofFolded = await folded.infer({ from: 'image', to: 'classifier', count, values });
    expect(fromFeatures).toEqual(whole);
    expect(largestDifference(ofFolded, whole)).toBeLessThan(1e-5);
    executor.dispose();
    folded.dispose();
  });

  it.each([tinyNetwork(), tinyGatedNetwork()])('equals tf.loadLayersModel’s on the written $name', async (network) => {
    const { tf } = tensorFlow;
    const { values } = randomBatch();
    const written = withRandomWeights(network);
    const { modelJson, weightsBin } = writeLayersModel(network, written.weights);
    const json = v.parse(v.object({ modelTopology: v.record(v.string(), v.unknown()) }), JSON.parse(modelJson));
    const specs = weightSpecs(network).map(({ name, shape }) => ({
      name,
      shape: [...shape],
      dtype: 'float32' as const,
    }));
    const artifacts = { modelTopology: json.modelTopology, weightSpecs: specs, weightData: weightsBin.slice().buffer };
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    const expected = tf.tidy(() => {
      const output = loaded.predict(tf.tensor(values, [count, 5, 6, 3]));
      if (Array.isArray(output)) throw new Error('Expected one output');
      return output.dataSync();
    });
    const executor = createTensorFlowExecutor(tensorFlow, written);
    const actual = await executor.infer({ from: 'image', to: 'classifier', count, values });
    expect(largestDifference(actual, expected)).toBeLessThan(1e-5);
    loaded.dispose();
    executor.dispose();
  });

  it('follows weights that change', async () => {
    const { values } = randomBatch();
    const executor = createTensorFlowExecutor(tensorFlow, model);
    const request = { from: 'image', to: 'features', count, values };
    const before = await executor.infer(request);
    const gamma = getWeight(model.weights, 'stem_bn/gamma');
    executor.writeWeights(new Map([['stem_bn/gamma', { ...gamma, values: gamma.values.map((value) => value * 2) }]]));
    expect(largestDifference(await executor.infer(request), before)).toBeGreaterThan(0.01);
    executor.writeWeights(model.weights);
    expect(await executor.infer(request)).toEqual(before);
    expect(executor.readWeights()).toEqual(model.weights);
    executor.dispose();
  });
});

describe('training', () => {
  it('moves running averages only where batch norm is trained', async () => {
    const executor = createTensorFlowExecutor(tensorFlow, model);
    const statistics = (): Float32Array[] => {
      const names = weightSpecs(model.network)
        .filter(({ isLearnable }) => !isLearnable)
        .map(({ name }) => name);
      const weights = executor.readWeights();
      return names.map((name) => getWeight(weights, name).values);
    };
    const before = statistics();
    begin(executor, 'stem', 'frozen');
    (await executor.computeGradients(randomBatch())).dispose();
    expect(statistics()).toEqual(before);
    begin(executor, 'block', 'trained');
    (await executor.computeGradients(randomBatch())).dispose();
    const hasMoved = statistics().map((values, index) => largestDifference(values, before[index] ?? values) > 0);
    expect(hasMoved).toEqual([false, false, true, true, true, true, true, true]);
    executor.dispose();
  });

  it('computes no gradient below the first stage that learns', async () => {
    const executor = createTensorFlowExecutor(tensorFlow, model);
    const single = vi.spyOn(tensorFlow.backend, 'executeSingleOutput');
    const operationsFrom = async (stage: string): Promise<readonly string[]> => {
      begin(executor, stage, 'frozen');
      single.mockClear();
      (await executor.computeGradients(randomBatch())).dispose();
      return single.mock.calls.map(([operation]) => operation);
    };
    const convolutions = /^(Conv2D|DepthwiseConv2dNative)Backprop(Input|Filter)$/u;
    const count = (operations: readonly string[]) => operations.filter((name) => convolutions.test(name)).length;
    // Three convolutions: the stem's own kernel, two in the block; the block's first needs no gradient of its input.
    expect(count(await operationsFrom('stem'))).toBe(5);
    expect(count(await operationsFrom('block'))).toBe(3);
    expect(count(await operationsFrom('classifier'))).toBe(0);
    single.mockRestore();
    executor.dispose();
  });

  it('trains a head on cached features exactly as through the frozen network', async () => {
    const batch = randomBatch();
    const executor = createTensorFlowExecutor(tensorFlow, model);
    begin(executor, 'classifier', 'frozen');
    const throughNetwork = await executor.computeGradients(batch);
    const features = await executor.infer({ from: 'image', to: 'features', count, values: batch.values });
    begin(executor, 'classifier', 'frozen', 'features');
    const onFeatures = await executor.computeGradients({ ...batch, values: features });
    expect(onFeatures.loss).toBe(throughNetwork.loss);
    for (const [name, gradient] of onFeatures.gradients) {
      expect(gradient.dataSync()).toEqual(throughNetwork.gradients.get(name)?.dataSync());
    }
    throughNetwork.dispose();
    onFeatures.dispose();
    executor.dispose();
  });

  it.each([
    { batchNorm: 'frozen', network: tinyNetwork({ hasDropout: true }) },
    { batchNorm: 'trained', network: tinyNetwork({ hasDropout: true }) },
    { batchNorm: 'trained', network: tinyGatedNetwork() },
  ] as const)(
    'keeps the number of tensors of $network.name flat over 20 steps with batch norm $batchNorm',
    async ({ batchNorm, network }) => {
      const executor = createTensorFlowExecutor(tensorFlow, withRandomWeights(network));
      const optimizer = createOptimizer(tensorFlow, optimizerDefaults.sgd, 1e-4);
      begin(executor, 'stem', batchNorm);
      const counts: number[] = [];
      for (let index = 0; index < 20; index += 1) {
        const step = await executor.computeGradients({ ...randomBatch(), seed: index });
        optimizer.apply(executor.variables, step.gradients, { learningRateOf: () => 0.01 });
        step.dispose();
        await executor.infer({ from: 'image', to: 'classifier', count, values: randomBatch().values });
        counts.push(tensorFlow.tf.memory().numTensors);
      }
      expect(new Set(counts).size).toBe(1);
      optimizer.dispose();
      executor.dispose();
    },
  );

  it.each([tinyNetwork(), tinyGatedNetwork()])(
    'makes large activations of $name anew with the same bits, and holds fewer of them',
    async (network) => {
      const train = async (remadeFromBytes: number) => {
        const executor = createTensorFlowExecutor(tensorFlow, withRandomWeights(network), { remadeFromBytes });
        begin(executor, 'stem', 'trained');
        let heldForTheWayBack = 0;
        const run = tensorFlow.backend.executeMultipleOutputs.bind(tensorFlow.backend);
        const spy = vi.spyOn(tensorFlow.backend, 'executeMultipleOutputs').mockImplementation((name, ...rest) => {
          if (name === 'SoftmaxCrossEntropyWithLogits') heldForTheWayBack = tensorFlow.tf.memory().numTensors;
          return run(name, ...rest);
        });
        const step = await executor.computeGradients(randomBatch());
        spy.mockRestore();
        const gradients = new Map([...step.gradients].map(([name, gradient]) => [name, gradient.dataSync()]));
        step.dispose();
        const weights = executor.readWeights();
        executor.dispose();
        return { gradients, weights, heldForTheWayBack };
      };
      const before = tensorFlow.tf.memory().numTensors;
      const { heldForTheWayBack: fewer, ...remade } = await train(0);
      const { heldForTheWayBack: more, ...held } = await train(Infinity);
      expect(remade).toEqual(held);
      expect(fewer).toBeLessThan(more);
      expect(tensorFlow.tf.memory().numTensors).toBe(before);
    },
  );

  it('leaves no tensor behind when everything is disposed', async () => {
    const before = tensorFlow.tf.memory().numTensors;
    const executor = createTensorFlowExecutor(tensorFlow, model);
    begin(executor, 'stem', 'trained');
    (await executor.computeGradients(randomBatch())).dispose();
    await executor.infer({ from: 'image', to: 'features', count, values: randomBatch().values });
    executor.dispose();
    expect(tensorFlow.tf.memory().numTensors).toBe(before);
  });

  it('gives the same bits twice with the same seed, dropout included', async () => {
    const train = async (seed: number): Promise<NetworkWeights> => {
      const executor = createTensorFlowExecutor(tensorFlow, withRandomWeights(tinyNetwork({ hasDropout: true })));
      const optimizer = createOptimizer(tensorFlow, { ...optimizerDefaults.sgd, isNesterov: true }, 0);
      begin(executor, 'stem', 'trained');
      for (let index = 0; index < 5; index += 1) {
        const step = await executor.computeGradients({ ...randomBatch(), seed: `${seed}/${index}` });
        optimizer.apply(executor.variables, step.gradients, { learningRateOf: () => 0.05 });
        step.dispose();
      }
      const weights = executor.readWeights();
      optimizer.dispose();
      executor.dispose();
      return weights;
    };
    expect(await train(1)).toEqual(await train(1));
    expect(await train(1)).not.toEqual(await train(2));
  });

  it('refuses to train what the plan cannot reach', () => {
    const executor = createTensorFlowExecutor(tensorFlow, model);
    const plan = { from: 'features', batchNorm: 'frozen' as const };
    expect(() => executor.beginTraining({ ...plan, trainable: new Set(['stem_conv/kernel']) })).toThrow(
      /stem_conv\/kernel cannot learn/,
    );
    expect(() => executor.beginTraining({ ...plan, from: 'image', trainable: new Set(['stem_bn/gamma']) })).toThrow(
      /stem_bn\/gamma cannot learn/,
    );
    const headless = createTensorFlowExecutor(
      tensorFlow,
      withRandomWeights(cutStretch(model.network, 'image', 'features')),
    );
    expect(() => headless.beginTraining({ ...plan, from: 'image', trainable: new Set() })).toThrow(/dense softmax/);
    executor.dispose();
    headless.dispose();
  });
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] ?? NaN))));
}
