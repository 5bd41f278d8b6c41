import * as v from 'valibot';
import { expect, it } from 'vitest';
import { imageIdSchema } from '../../../src-shared/domain/ids.ts';
import type { PixelLoader } from '../../../src-main/trainer/pixel-loader.ts';
import { pixelBatches } from '../../../src-main/trainer/train/batches.ts';

const images = Array.from({ length: 7 }, (_, index) => ({
  imageId: v.parse(imageIdSchema, index.toString(16).repeat(64)),
  ...({ path: String(index), label: 0, split: 'training' } as const),
}));

/** One number an image, the one that its path says. */
const loader: PixelLoader = {
  // Of batches of two, three fit into what is made ahead.
  viewBytes: 20e6,
  async load(_steps, tasks, into = new Float32Array()) {
    const batch = into.length < tasks.length ? new Float32Array(tasks.length) : into.subarray(0, tasks.length);
    await new Promise((resolve) => setTimeout(resolve, 1));
    batch.set(tasks.map(({ path }) => Number(path)));
    return batch;
  },
  close: () => Promise.resolve(),
};

it('hands out batches of pixels that hold until the next one is asked for, and reuses their memory', async () => {
  const source = pixelBatches({ pixels: loader, images, steps: [], seed: 1, batchSize: 2 });
  const planned = [[0], [1, 2], [3, 4], [5, 6], [6, 5], [4, 3], [2], [1, 3], [2, 4], [5, 1], [0, 6]].map((indices) => ({
    ...{ epochInPhase: 0, indices, repeats: indices.map(() => 0) },
  }));
  const memory: ArrayBufferLike[] = [];
  for await (const { indices, values } of source.load(planned)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([...values]).toEqual(indices);
    memory.push(values.buffer);
  }
  expect(memory).toHaveLength(11);
  // Three ahead, one in use, and the first, which was too short to serve longer ones.
  expect(new Set(memory).size).toBe(5);
});
