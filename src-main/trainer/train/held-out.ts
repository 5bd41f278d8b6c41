import { viewCountOf } from '../../../src-shared/domain/pipeline/views.ts';
import { averageViews } from '../../../src-shared/lib/average-views.ts';
import type { JobImage } from '../../jobs/trainer-protocol.ts';
import type { LayerName } from '../../network/layer.ts';
import { inputLayer, outputLayer } from '../../network/network.ts';
import { shapeAt } from '../../network/shapes.ts';
import { sizeOfShape } from '../../network/weights.ts';
import { concatenate } from '../concatenate.ts';
import type { FeatureRows } from '../features/feature-rows.ts';
import { batchesAhead, chunksOf, prefetch, timeWaits } from '../prefetch.ts';
import type { TrainSession } from './train-session.ts';

/** Class probabilities of a fixed list of images with the weights as they are; null when the job should stop. */
export type ImageJudge = () => Promise<Float32Array | null>;

/** Views that go through the network together. */
const batchSize = 32;
/** Pixels are kept from one call to the next up to this size; beyond it they are decoded each time. */
export const keptPixelBytes = 512e6;
/** Features that are judged in one go: 1,024 images at 1,280 numbers each, 5 MB. */
const numbersAtOnce = 1024 * 1280;

/** Judges through the evaluation steps and the whole network. */
export function judgeFromPixels(
  session: TrainSession,
  images: readonly JobImage[],
  onBatch: (count: number) => void,
): ImageJudge {
  const { executor, link, clock, pixels, evaluationSteps: steps } = session;
  const from = inputLayer(executor.network).name;
  const to = outputLayer(executor.network).name;
  const viewCount = viewCountOf(steps);
  const imageBytes = pixels.viewBytes * viewCount;
  const imagesAtOnce = imagesPerBatch(batchSize, viewCount);
  const canKeep = images.length * imageBytes <= keptPixelBytes;
  const ahead = batchesAhead(imagesAtOnce * imageBytes);
  const kept = new Map<number, Float32Array>();
  const batches = chunksOf(images, imagesAtOnce).map((batch, index) => ({ batch, index }));

  async function load({ batch, index }: (typeof batches)[number]): Promise<{ count: number; values: Float32Array }> {
    const tasks = batch.map(({ path, imageId }) => ({ path, imageId, seed: `fixed/${imageId}` }));
    const values = kept.get(index) ?? (await pixels.load(steps, tasks));
    if (canKeep) kept.set(index, values);
    return { count: batch.length, values };
  }

  return async () => {
    const parts: Float32Array[] = [];
    for await (const { count, values } of timeWaits(prefetch(batches, ahead, load), clock.waited)) {
      const probabilities = await executor.infer({ from, to, count: count * viewCount, values });
      parts.push(averageViews(probabilities, viewCount, classCountOf(probabilities, count * viewCount)));
      onBatch(count);
      await link.breathe();
      if (session.shouldStop()) return null;
    }
    return concatenate(parts);
  };
}

/** How many images' views go through the network together. */
export function imagesPerBatch(viewsPerBatch: number, viewCount: number): number {
  return Math.max(1, Math.floor(viewsPerBatch / viewCount));
}

function classCountOf(probabilities: Float32Array, rowCount: number): number {
  return probabilities.length / Math.max(1, rowCount);
}

/** Judges images whose frozen features at a layer are at hand: a row an image, which holds those of all its evaluation views. */
export function judgeFromFeatures(session: TrainSession, features: FeatureRows, from: LayerName): ImageJudge {
  const { executor, link } = session;
  const viewCount = features.rowLength / sizeOfShape(shapeAt(executor.network, from));
  const rowsAtOnce = Math.max(1, Math.floor(numbersAtOnce / features.rowLength));
  const to = outputLayer(executor.network).name;
  const all = Array.from({ length: features.count }, (_, index) => index);
  return async () => {
    const parts: Float32Array[] = [];
    for (const indices of chunksOf(all, rowsAtOnce)) {
      const values = features.gather(indices);
      const count = indices.length * viewCount;
      const probabilities = await executor.infer({ from, to, count, values });
      parts.push(averageViews(probabilities, viewCount, classCountOf(probabilities, count)));
      await link.breathe();
      if (session.shouldStop()) return null;
    }
    return concatenate(parts);
  };
}
