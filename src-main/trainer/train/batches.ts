import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import type { JobImage } from '../../jobs/trainer-protocol.ts';
import type { FeatureRows } from '../features/feature-rows.ts';
import type { PixelLoader } from '../pixel-loader.ts';
import { prefetch } from '../prefetch.ts';
import type { PlannedBatch } from './epoch-order.ts';

/** Where the activations of training batches come from. */
export interface BatchSource {
  /** The batches of one epoch: rows of the images with these indices. */
  epoch(epochInPhase: number, batches: readonly PlannedBatch[]): AsyncIterable<LoadedBatch>;
}

export interface LoadedBatch {
  /** Indices into the training images. */
  readonly indices: readonly number[];
  /** Good until the next batch is asked for. */
  readonly values: Float32Array;
}

/** Batches of frozen features; epochs take turns through the variants, each cycle in an order of its own. */
export function featureBatches(variants: readonly FeatureRows[], seed: number): BatchSource {
  return {
    async *epoch(epochInPhase, batches) {
      const cycle = Math.floor(epochInPhase / variants.length);
      const order = createRandom(`${seed}/variants/${cycle}`).permutation(variants.length);
      const variant = variants[order[epochInPhase % variants.length] ?? 0];
      if (!variant) throw new Error('There are no features to train on');
      // One array for all batches of a length: fresh ones would keep the garbage collector busier than the training.
      let values = new Float32Array();
      for (const { indices } of batches) {
        const length = indices.length * variant.rowLength;
        if (values.length !== length) values = new Float32Array(length);
        yield { indices, values: variant.gather(indices, values) };
      }
    },
  };
}

/** Batches of pixels, augmented afresh in each epoch, made in worker threads ahead of the step. */
export function pixelBatches(options: {
  readonly pixels: PixelLoader;
  readonly images: readonly JobImage[];
  readonly steps: readonly ResolvedStep[];
  readonly seed: number;
}): BatchSource {
  const { pixels, images, steps, seed } = options;
  return {
    epoch: (epochInPhase, batches) =>
      prefetch(batches, batchesAhead, async ({ indices, repeats }) => {
        const chosen = indices.flatMap((index, row) => {
          const image = images[index];
          return image ? [{ ...image, repeat: repeats[row] ?? 0 }] : [];
        });
        const tasks = chosen.map(({ path, imageId, repeat }) => ({
          path,
          // An image that is drawn again looks different again.
          seed: `${seed}/epoch/${epochInPhase}/${imageId}${repeat > 0 ? `/${repeat}` : ''}`,
        }));
        return { indices, values: await pixels.load(steps, tasks) };
      }),
  };
}

/** A batch at 224² is 19 MB; two keep the workers busy while the network computes. */
const batchesAhead = 2;
