import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import { optimizerDefaults } from '../../src-shared/domain/recipe/optimizer.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import { featuresLayerName, headStageName } from '../../src-main/network/attach-head.ts';
import type { WeightedNetwork } from '../../src-main/network/layers-model.ts';
import { trainableWeights } from '../../src-main/network/parameters.ts';
import { openTrainingEngine } from '../../src-main/trainer/executors/training-engine.ts';
import type { FeatureRows } from '../../src-main/trainer/features/feature-rows.ts';
import { FeatureStore } from '../../src-main/trainer/features/feature-store.ts';
import { createOptimizer } from '../../src-main/trainer/optimizers.ts';
import { chunksOf } from '../../src-main/trainer/prefetch.ts';
import { featureBatches } from '../../src-main/trainer/train/batches.ts';
import { planEpoch } from '../../src-main/trainer/train/epoch-order.ts';
import { oneHot } from '../../src-main/trainer/train/judging.ts';

export interface HeadWork {
  readonly imageCount: number;
  /** Augmented versions of each image; epochs take turns through them. */
  readonly variantCount: number;
  readonly classCount: number;
}

const featureCount = 1280;
const batchSize = 32;
/** As in a training: what all features may hold in memory together. */
const residentBytes = 768e6;

/** Prepares an epoch of a head on features that lie in a cache on disk, as in a training; the answer does one. */
export async function prepareHeadEpoch(model: WeightedNetwork, work: HeadWork): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'graft-bench-features-'));
  process.on('exit', () => void rm(folder, { recursive: true, force: true }));
  const variants: FeatureRows[] = [];
  for (let variant = 0; variant < work.variantCount; variant += 1)
    variants.push(await writeVariant(folder, work, variant));
  await removeNames(folder);
  const { executor, tensorFlow } = await openTrainingEngine('feature-extraction', null, model);
  const trainable = trainableWeights(model.network, { fromStage: headStageName, batchNorm: 'frozen' });
  executor.beginTraining({ from: featuresLayerName, trainable, batchNorm: 'frozen' });
  const optimizer = createOptimizer(tensorFlow, optimizerDefaults.sgd, 0);
  const source = featureBatches(variants, 1);
  const labels = Array.from({ length: work.imageCount }, (_, index) => index % work.classCount);
  let epoch = 0;
  return async () => {
    const batches = planEpoch({ seed: 1, batchSize, classBalance: 'none' }, labels, {
      phase: 'head',
      epochInPhase: epoch,
    });
    for await (const { indices, values } of source.load(batches)) {
      const targets = oneHot(
        indices.map((index) => labels[index] ?? 0),
        work.classCount,
      );
      const step = await executor.computeGradients({ count: indices.length, values, targets, seed: epoch });
      optimizer.apply(executor.variables, step.gradients, { learningRateOf: () => 0.01 });
      step.dispose();
    }
    epoch += 1;
  };
}

/** The files stay readable where they are open; whatever ends this process, no gigabytes stay behind. */
async function removeNames(folder: string): Promise<void> {
  if (process.platform !== 'win32') await rm(folder, { recursive: true, force: true });
}

async function writeVariant(
  folder: string,
  { imageCount, variantCount }: HeadWork,
  variant: number,
): Promise<FeatureRows> {
  const store = new FeatureStore(folder);
  const key = { engine: 'bench', backboneSha256: '', layer: featuresLayerName, inputSize: 224, steps: [] };
  const cache = await store.open({ ...key, variant: String(variant) }, featureCount);
  const random = createRandom(variant);
  const pool = Float32Array.from({ length: featureCount * 64 }, () => random.uniform(0, 3));
  const ids = Array.from({ length: imageCount }, (_, index) => index.toString(16).padStart(64, '0') as ImageId);
  for (const chunk of chunksOf(ids, 1024)) {
    await cache.add(
      chunk.map((imageId, index) => {
        const start = ((index * 37) % 63) * featureCount + (index % featureCount);
        return { imageId, features: pool.slice(start, start + featureCount) };
      }),
    );
  }
  return cache.rows(ids, residentBytes / (variantCount + 1));
}
