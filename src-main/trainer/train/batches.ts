import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import type { JobImage } from '../../jobs/trainer-protocol.ts';
import type { FeatureRows } from '../features/feature-rows.ts';
import type { PixelLoader } from '../pixel-loader.ts';
import { batchesAhead, prefetch } from '../prefetch.ts';
import type { PlannedBatch } from './epoch-order.ts';

/** Where the activations of training batches come from. */
export interface BatchSource {
  /** The planned batches, loaded; some are made ahead, also those of the next epoch while this one is judged. */
  load(planned: Iterable<PlannedBatch>): AsyncIterable<LoadedBatch>;
}

export interface LoadedBatch {
  /** Indices into the training images. */
  readonly indices: readonly number[];
  /** Good until the next batch is asked for. */
  readonly values: Float32Array;
}

/** Batches of frozen features; epochs take turns through the variants, each cycle in an order of its own. */
export function featureBatches(variants: readonly FeatureRows[], seed: number): BatchSource {
  const variantOf = (epochInPhase: number): FeatureRows => {
    const cycle = Math.floor(epochInPhase / variants.length);
    const order = createRandom(`${seed}/variants/${cycle}`).permutation(variants.length);
    const variant = variants[order[epochInPhase % variants.length] ?? 0];
    if (!variant) throw new Error('There are no features to train on');
    return variant;
  };
  return {
    async *load(planned) {
      // One array for all batches of a length: fresh ones would keep the garbage collector busier than the training.
      let values = new Float32Array();
      for (const { epochInPhase, indices } of planned) {
        const variant = variantOf(epochInPhase);
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
  readonly batchSize: number;
}): BatchSource {
  const { pixels, images, steps, seed, batchSize } = options;
  return {
    load(planned) {
      const ahead = batchesAhead(batchSize * pixels.viewBytes);
      // Those under way and the one in use take turns in the same memory: fresh batches are megabytes of garbage a step.
      const arrays: Float32Array[] = [];
      let made = 0;
      return prefetch(planned, ahead, async ({ epochInPhase, indices, repeats }) => {
        const place = made % (ahead + 1);
        made += 1;
        const chosen = indices.flatMap((index, row) => {
          const image = images[index];
          return image ? [{ ...image, repeat: repeats[row] ?? 0 }] : [];
        });
        const tasks = chosen.map(({ path, imageId, repeat }) => ({
          ...{ path, imageId },
          // An image that is drawn again looks different again.
          seed: `${seed}/epoch/${epochInPhase}/${imageId}${repeat > 0 ? `/${repeat}` : ''}`,
        }));
        const values = await pixels.load(steps, tasks, arrays[place]);
        arrays[place] = new Float32Array(values.buffer);
        return { indices, values };
      });
    },
  };
}
