import { fileURLToPath } from 'node:url';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import { attachHead } from '../../src-main/network/attach-head.ts';
import { inputLayer } from '../../src-main/network/network.ts';
import { trainableWeights } from '../../src-main/network/parameters.ts';
import type { TensorFlowRuntime } from '../../src-main/runtime/runtime.ts';
import { createTensorFlowExecutor } from '../../src-main/trainer/executors/tensorflow-executor.ts';
import { loadModel } from '../../src-main/trainer/load-model.ts';
import { createOptimizer } from '../../src-main/trainer/optimizers.ts';
import { loadTensorFlow } from '../../src-main/trainer/tensorflow.ts';
import { mathThreadCount } from '../../src-main/trainer/thread-count.ts';

const batchSize = 32;
const classCount = 10;
const warmUpSteps = 2;
const measuredSteps = 6;
const backboneFolder = fileURLToPath(new URL('../../assets/backbones/efficientnet-lite0', import.meta.url));

/** What others take for the same step: EfficientNet-Lite0, batch 32 at 224², all parameters, two cores with AVX2. */
const references = { pytorch: 1.8, kerasGraph: 1.9 };

/** Times whole fine-tuning steps without any decoding, and prints seconds, ratios and memory. */
export async function measureSteps(runtime: TensorFlowRuntime): Promise<void> {
  const tensorFlow = loadTensorFlow(runtime, { threadCount: mathThreadCount() });
  const model = attachHead(await loadModel(backboneFolder, 'backbone'), { classCount, seed: 1 });
  const from = inputLayer(model.network).name;
  const random = createRandom(1);
  const values = Float32Array.from({ length: batchSize * 224 * 224 * 3 }, () => random.uniform(-1, 1));
  const targets = new Float32Array(batchSize * classCount);
  for (let row = 0; row < batchSize; row += 1) targets[row * classCount + (row % classCount)] = 1;

  for (const batchNorm of ['frozen', 'trained'] as const) {
    const executor = createTensorFlowExecutor(tensorFlow, model);
    const optimizer = createOptimizer(tensorFlow, { kind: 'sgd', momentum: 0.9, isNesterov: false, weightDecay: 0 });
    const fromStage = model.network.stages[0]?.name ?? '';
    executor.beginTraining({ from, trainable: trainableWeights(model.network, { fromStage, batchNorm }), batchNorm });
    const seconds: number[] = [];
    for (let index = 0; index < warmUpSteps + measuredSteps; index += 1) {
      const startMs = performance.now();
      const step = await executor.computeGradients({ count: batchSize, values, targets, seed: index });
      optimizer.apply(executor.variables, step.gradients, 1e-4);
      step.dispose();
      if (index >= warmUpSteps) seconds.push((performance.now() - startMs) / 1000);
    }
    optimizer.dispose();
    executor.dispose();
    const median = seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? 0;
    console.log(
      `steps: batch norm ${batchNorm}, median ${median.toFixed(2)} s a step of ${batchSize}; PyTorch ${(references.pytorch / median).toFixed(2)} times that, Keras ${(references.kerasGraph / median).toFixed(2)}; peak memory so far ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`,
    );
  }
}
