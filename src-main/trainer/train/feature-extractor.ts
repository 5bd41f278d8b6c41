import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { JobImage } from '../../jobs/trainer-protocol.ts';
import { featuresLayerName } from '../../network/attach-head.ts';
import { inputLayer } from '../../network/network.ts';
import type { InferenceExecutor } from '../executors/executor.ts';
import { chunksOf, prefetch } from '../prefetch.ts';
import { openFeatureCache } from './feature-cache.ts';
import type { TrainSession } from './train-session.ts';

/** Images and what happens to them before the network. */
export interface FeatureRequest {
  readonly images: readonly JobImage[];
  readonly steps: readonly ResolvedStep[];
  /** Names the draw of the random steps; null where there are none. */
  readonly variant: string | null;
}

const batchSize = 32;
/** Batches whose pixels are made while the network computes. */
const batchesAhead = 2;

/**
 * Features of the frozen backbone, [images, featureCount], from the cache or computed and cached; null when the job should stop.
 */
export async function extractFeatures(session: TrainSession, request: FeatureRequest): Promise<Float32Array | null> {
  const { frozen, frozenEngine, clock, link } = session;
  const { backbone, featureCacheFolder } = session.job;
  const { images, steps, variant } = request;
  const key = { engine: frozenEngine, backboneSha256: backbone.sha256, inputSize: backbone.inputSize, steps, variant };
  const cache = await openFeatureCache(featureCacheFolder, key, backbone.featureCount);
  try {
    const features = new Float32Array(images.length * backbone.featureCount);
    const missing = images.flatMap((image, row) => {
      const known = cache.known.get(image.imageId);
      if (known) features.set(known, row * backbone.featureCount);
      return known ? [] : [{ image, row }];
    });
    clock.skip(images.length - missing.length);
    const batches = chunksOf(missing, batchSize);
    const loadPixels = async (batch: readonly MissingImage[]): Promise<LoadedBatch> => ({
      batch,
      pixels: await session.pixels.load(
        steps,
        batch.map(({ image }) => ({ path: image.path, seed: `${variant ?? 'fixed'}/${image.imageId}` })),
      ),
    });
    for await (const { batch, pixels } of prefetch(batches, batchesAhead, loadPixels)) {
      const computed = await inferFeatures(frozen, batch.length, pixels);
      const rows = batch.map(({ image, row }, index) => {
        const values = computed.subarray(index * backbone.featureCount, (index + 1) * backbone.featureCount);
        features.set(values, row * backbone.featureCount);
        return { imageId: image.imageId, features: values };
      });
      await cache.add(rows);
      clock.advance(batch.length, batch.length);
      session.report();
      await link.breathe();
      if (session.shouldStop()) return null;
    }
    return features;
  } finally {
    await cache.close();
  }
}

interface MissingImage {
  readonly image: JobImage;
  readonly row: number;
}

interface LoadedBatch {
  readonly batch: readonly MissingImage[];
  readonly pixels: Float32Array;
}

function inferFeatures(executor: InferenceExecutor, count: number, values: Float32Array): Promise<Float32Array> {
  return executor.infer({ from: inputLayer(executor.network).name, to: featuresLayerName, count, values });
}
