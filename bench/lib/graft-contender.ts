/** Graft's side of a comparison: the protocol of `contender.ts`, run as a program with the name of the work. */
import { fileURLToPath } from 'node:url';
import { say } from '../../src-shared/domain/sentence.ts';
import { featuresLayerName, attachHead } from '../../src-main/network/attach-head.ts';
import type { WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { inputLayer } from '../../src-main/network/network.ts';
import { trainableWeights } from '../../src-main/network/parameters.ts';
import { ensureTensorFlowRuntime } from '../../src-main/runtime/provision.ts';
import type { InferenceExecutor } from '../../src-main/trainer/executors/executor.ts';
import { chooseFrozenEngine } from '../../src-main/trainer/executors/frozen-engine.ts';
import { createTensorFlowExecutor } from '../../src-main/trainer/executors/tensorflow-executor.ts';
import { loadModel } from '../../src-main/trainer/load-model.ts';
import { createOptimizer } from '../../src-main/trainer/optimizers.ts';
import { loadTensorFlow, type NativeTensorFlow } from '../../src-main/trainer/tensorflow.ts';
import { mathThreadCount } from '../../src-main/trainer/thread-count.ts';
import { optimizerDefaults } from '../../src-shared/domain/recipe/optimizer.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import { prepareHeadEpoch } from './head-epoch.ts';
import { serveSteps } from './serve-steps.ts';

const batchSize = 32;
const classCount = 10;
/** An epoch of a head is long enough to be warm after one. */
const warmUpSteps = process.argv[2]?.startsWith('head-') === true ? 1 : 3;
const backboneFolder = fileURLToPath(new URL('../../assets/backbones/efficientnet-lite0', import.meta.url));

await serveSteps(await prepare(process.argv[2] ?? ''), warmUpSteps);

/** One step of the work: a forward pass to the pooled features, an epoch of a head, or a whole training step of all parameters. */
async function prepare(work: string): Promise<() => Promise<void>> {
  const model = attachHead(await loadModel(backboneFolder, say('runHasNoModel')), { classCount, seed: 1 });
  switch (work) {
    case 'frozen-forward':
      return prepareForward((await chooseFrozenEngine(null)).open(model));
    case 'frozen-forward-tensorflow':
      return prepareForward(createTensorFlowExecutor(await openTensorFlow(), model));
    case 'head-epoch':
      return prepareHeadEpoch(model, { imageCount: 60_000, variantCount: 1, classCount });
    case 'head-epoch-large':
      return prepareHeadEpoch(model, { imageCount: 100_000, variantCount: 4, classCount });
    default:
      return prepareStep(await openTensorFlow(), model, work === 'step-frozen' ? 'frozen' : 'trained');
  }
}

async function openTensorFlow(): Promise<NativeTensorFlow> {
  return loadTensorFlow(await ensureTensorFlowRuntime(), { threadCount: mathThreadCount() });
}

function randomImages(): Float32Array {
  const random = createRandom(1);
  return Float32Array.from({ length: batchSize * 224 * 224 * 3 }, () => random.uniform(-1, 1));
}

function prepareForward(executor: InferenceExecutor): () => Promise<void> {
  const values = randomImages();
  const from = inputLayer(executor.network).name;
  return async () => {
    await executor.infer({ from, to: featuresLayerName, count: batchSize, values });
  };
}

function prepareStep(
  tensorFlow: NativeTensorFlow,
  model: WeightedNetwork,
  batchNorm: 'frozen' | 'trained',
): () => Promise<void> {
  const values = randomImages();
  const executor = createTensorFlowExecutor(tensorFlow, model);
  const from = inputLayer(model.network).name;
  const fromStage = model.network.stages[0]?.name ?? '';
  executor.beginTraining({ from, trainable: trainableWeights(model.network, { fromStage, batchNorm }), batchNorm });
  const optimizer = createOptimizer(tensorFlow, optimizerDefaults.sgd, 0);
  const targets = new Float32Array(batchSize * classCount);
  for (let row = 0; row < batchSize; row += 1) targets[row * classCount + (row % classCount)] = 1;
  return async () => {
    const training = await executor.computeGradients({ count: batchSize, values, targets, seed: 1 });
    optimizer.apply(executor.variables, training.gradients, { learningRateOf: () => 1e-4 });
    training.dispose();
  };
}
