import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { viewCountOf } from '../../../src-shared/domain/pipeline/views.ts';
import type { JobImage } from '../../jobs/trainer-protocol.ts';
import type { LayerName } from '../../network/layer.ts';
import { inputLayer } from '../../network/network.ts';
import { shapeAt } from '../../network/shapes.ts';
import { sizeOfShape } from '../../network/weights.ts';
import type { FeatureCache } from '../features/feature-cache.ts';
import type { FeatureRows } from '../features/feature-rows.ts';
import { batchesAhead, chunksOf, prefetch, timeWaits } from '../prefetch.ts';
import { imagesPerBatch } from './held-out.ts';
import type { TrainSession } from './train-session.ts';

/** Images, what happens to them before the network, and how far into it they go. */
export interface FeatureRequest {
  /** The layer whose output is asked for. */
  readonly layer: LayerName;
  readonly images: readonly JobImage[];
  readonly steps: readonly ResolvedStep[];
  /** Names the draw of the random steps; null where there are none. */
  readonly variant: string | null;
}

/** Views that go through the network together. */
const batchSize = 32;
/** What all features of a training may hold in memory together; the rest is read from disk batch by batch. */
export const residentFeatureBytes = 768e6;

/**
 * The frozen backbone's output at a layer, a row an image with all views of it, computed where the cache has none; null when the job should
 * stop.
 */
export async function extractFeatures(session: TrainSession, request: FeatureRequest): Promise<FeatureRows | null> {
  const { images, layer, steps, variant } = request;
  const viewCount = viewCountOf(steps);
  const rowLength = sizeOfShape(shapeAt(session.frozen.network, layer)) * viewCount;
  const cache = await session.features.open(session.keyOf({ layer, steps, variant }), rowLength);
  const missing = images.filter(({ imageId }) => !cache.has(imageId));
  session.clock.skip((images.length - missing.length) * viewCount);
  if (missing.length > 0) await session.features.makeRoom(missing.length, rowLength);
  if (!(await computeMissing(session, { ...request, images: missing }, cache))) return null;
  const tableCount = session.variants.length + 1;
  return cache.rows(
    images.map(({ imageId }) => imageId),
    residentFeatureBytes / tableCount,
  );
}

/** False when the job should stop. */
async function computeMissing(session: TrainSession, request: FeatureRequest, cache: FeatureCache): Promise<boolean> {
  const { frozen, clock, link } = session;
  const { images, layer, steps, variant } = request;
  const from = inputLayer(frozen.network).name;
  const loadPixels = async (batch: readonly JobImage[]): Promise<LoadedBatch> => ({
    batch,
    pixels: await session.pixels.load(
      steps,
      batch.map(({ path, imageId }) => ({ path, imageId, seed: `${variant ?? 'fixed'}/${imageId}` })),
    ),
  });
  const viewCount = viewCountOf(steps);
  const imagesAtOnce = imagesPerBatch(batchSize, viewCount);
  const ahead = batchesAhead(imagesAtOnce * viewCount * session.pixels.viewBytes);
  const batches = timeWaits(prefetch(chunksOf(images, imagesAtOnce), ahead, loadPixels), clock.waited);
  for await (const { batch, pixels } of batches) {
    const computed = await frozen.infer({ from, to: layer, count: batch.length * viewCount, values: pixels });
    const { rowLength } = cache;
    await cache.add(
      batch.map(({ imageId }, row) => ({
        imageId,
        features: computed.subarray(row * rowLength, (row + 1) * rowLength),
      })),
    );
    clock.advance(batch.length * viewCount, batch.length);
    session.report();
    await link.breathe();
    if (session.shouldStop()) return false;
  }
  return true;
}

interface LoadedBatch {
  readonly batch: readonly JobImage[];
  readonly pixels: Float32Array;
}
