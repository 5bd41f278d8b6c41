import { constants, setPriority } from 'node:os';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { resolveSteps, type ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import type { FeaturesJob } from '../../jobs/trainer-protocol.ts';
import { attachHead, featuresLayerName } from '../../network/attach-head.ts';
import { inputLayer } from '../../network/network.ts';
import { shapeAt } from '../../network/shapes.ts';
import { sizeOfShape } from '../../network/weights.ts';
import { recordLength } from '../../storage/feature-record.ts';
import { chooseFrozenEngine } from '../executors/frozen-engine.ts';
import type { InferenceExecutor } from '../executors/executor.ts';
import type { JobLink } from '../job-link.ts';
import { loadModel } from '../load-model.ts';
import { openPixelLoader, type PixelLoader } from '../pixel-loader.ts';
import { batchesAhead, chunksOf, prefetch } from '../prefetch.ts';
import type { FeatureCache } from './feature-cache.ts';
import { featureSetName, type FeatureKey } from './feature-cache.ts';
import { FeatureStore, type FeatureObstacle } from './feature-store.ts';

type FeatureImage = FeaturesJob['images'][number];

/** An image without features, and why. */
interface UnreadImage {
  readonly image: FeatureImage;
  readonly reason: Sentence;
}

interface LoadedBatch {
  readonly read: readonly FeatureImage[];
  readonly unread: readonly UnreadImage[];
  readonly pixels: Float32Array;
}

const batchSize = 32;

/**
 * Computes the pooled features of every image that the set has none of, and keeps them, batch by batch, until it is told to stop. An image
 * that cannot be read is told and left out. Works at a low priority: somebody is labelling beside it.
 */
export async function computeFeatures(job: FeaturesJob, link: JobLink): Promise<void> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const backbone = await loadModel(job.backboneFolder, say('backboneHasNoModel', { backbone: job.backbone.title }));
  // The pooling comes with the head, of which nothing is used.
  const model = attachHead(backbone, { classCount: 1, seed: 0 });
  const engine = await chooseFrozenEngine(job.runtime);
  const executor = engine.open(model);
  const steps = resolveSteps(job.steps, job.backbone);
  const { sha256: backboneSha256, inputSize } = job.backbone;
  const key: FeatureKey = {
    ...{ engine: engine.name, backboneSha256, inputSize, steps },
    ...{ layer: featuresLayerName, variant: null },
  };
  const store = new FeatureStore(job.featureCacheFolder);
  const pixels = openPixelLoader(inputSize, () => Promise.resolve(null));
  try {
    const rowLength = sizeOfShape(shapeAt(model.network, featuresLayerName));
    const cache = await store.open(key, rowLength);
    const missing = job.images.filter(({ imageId }) => !cache.has(imageId));
    link.send({ type: 'features-opened', set: featureSetName(key), rowLength, missing: missing.length });
    await assertRoom(store, { key, rowCount: missing.length, rowLength });
    const isWhole = await computeMissing({ executor, pixels, cache, steps, link }, missing);
    if (isWhole) link.send({ type: 'features-computed' });
  } finally {
    executor.dispose();
    await Promise.all([store.close(), pixels.close()]);
  }
}

async function assertRoom(
  store: FeatureStore,
  { key, rowCount, rowLength }: { readonly key: FeatureKey; readonly rowCount: number; readonly rowLength: number },
): Promise<void> {
  if (rowCount === 0) return;
  await store.makeRoom(rowCount, rowLength);
  const obstacle = await store.obstacleTo([key], rowCount * recordLength(rowLength));
  if (obstacle) throw new AppError('disk-full', wordObstacle(obstacle), { retry: true });
}

function wordObstacle(obstacle: FeatureObstacle): Sentence {
  const gigabytes = (bytes: number): number => Math.round(bytes / 1e8) / 10;
  return obstacle.kind === 'limit'
    ? say('featuresOverLimit', { limit: gigabytes(obstacle.limitBytes) })
    : say('featuresOverDisk', { free: gigabytes(obstacle.freeBytes) });
}

interface Work {
  readonly executor: InferenceExecutor;
  readonly pixels: PixelLoader;
  readonly cache: FeatureCache;
  readonly steps: readonly ResolvedStep[];
  readonly link: JobLink;
}

/** False when it was told to stop. */
async function computeMissing(work: Work, images: readonly FeatureImage[]): Promise<boolean> {
  const { executor, pixels, cache, link } = work;
  const from = inputLayer(executor.network).name;
  const ahead = batchesAhead(batchSize * pixels.viewBytes);
  for await (const batch of prefetch(chunksOf(images, batchSize), ahead, (chunk) => loadBatch(work, chunk))) {
    const count = batch.read.length;
    if (count > 0) {
      const values = await executor.infer({ from, to: featuresLayerName, count, values: batch.pixels });
      const { rowLength } = cache;
      await cache.add(
        batch.read.map(({ imageId }, row) => ({
          imageId,
          features: values.subarray(row * rowLength, (row + 1) * rowLength),
        })),
      );
    }
    const unread = batch.unread.map(({ image, reason }) => ({ imageId: image.imageId, reason }));
    link.send({ type: 'features-added', count, unread });
    await link.breathe();
    if (link.stopReason()) return false;
  }
  return true;
}

/** All of a batch at once; one by one where one of them cannot be read. */
async function loadBatch(work: Work, images: readonly FeatureImage[]): Promise<LoadedBatch> {
  try {
    return { read: images, unread: [], pixels: await loadPixels(work, images) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  const parts = await Promise.all(images.map((image) => loadAlone(work, image)));
  const read = parts.filter((part) => 'pixels' in part);
  const pixels = new Float32Array((read.length * work.pixels.viewBytes) / 4);
  read.forEach((part, index) => pixels.set(part.pixels, (index * work.pixels.viewBytes) / 4));
  return { read: read.map(({ image }) => image), unread: parts.filter((part) => 'reason' in part), pixels };
}

async function loadAlone(
  work: Work,
  image: FeatureImage,
): Promise<UnreadImage | { readonly image: FeatureImage; readonly pixels: Float32Array }> {
  try {
    return { image, pixels: await loadPixels(work, [image]) };
  } catch (error) {
    if (error instanceof AppError) return { image, reason: error.sentence };
    throw error;
  }
}

function loadPixels({ pixels, steps }: Work, images: readonly FeatureImage[]): Promise<Float32Array> {
  // The seed is what a training names images by whose steps draw nothing.
  const tasks = images.map(({ path, imageId }) => ({ path, imageId, seed: `fixed/${imageId}` }));
  return pixels.load(steps, tasks);
}
