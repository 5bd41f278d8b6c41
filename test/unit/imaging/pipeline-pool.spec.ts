import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';
import { encodePng } from '../../../src-main/imaging/decode.ts';
import type { RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import { createPipelinePool, type PipelinePool } from '../../../src-main/imaging/pipeline-pool.ts';
import { imageIdSchema } from '../../../src-shared/domain/ids.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

const backbone = { inputSize: 16, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
const steps = resolveSteps(
  [createStep('RandomCrop', 'crop'), createStep('RandomHorizontalFlip', 'flip'), createStep('ToTensor', 'tensor')],
  backbone,
);
const images = Array.from({ length: 9 }, (_, index) => noise(index));
const imageId = v.parse(imageIdSchema, '00'.repeat(32));
let folder = '';
let pool: PipelinePool;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-pool-'));
  await Promise.all(images.map(async (image, index) => writeFile(pathOf(index), await encodePng(image))));
  await writeFile(join(folder, 'broken.png'), (await encodePng(noise(0))).subarray(0, 90));
  pool = createPipelinePool({ workerCount: 2 });
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

describe('the pool', () => {
  test('gives what the same pipeline gives here, in the order of the tasks', async () => {
    const results = await pool.run(
      steps,
      images.map((_, index) => ({ path: pathOf(index), imageId, seed: `seed/${String(index)}` })),
    );
    const expected = images.map((image, index) => {
      const value = applyPipeline(image, steps, `seed/${String(index)}`);
      if (value.type !== 'tensor') throw new Error('Expected a tensor');
      return { status: 'done', ...value.tensor, keptBytes: 0 };
    });
    expect(results).toEqual(expected);
  });

  test('reports a picture that fails and reads the others', async () => {
    const results = await pool.run(steps, [
      { path: pathOf(0), imageId, seed: 1 },
      { path: join(folder, 'broken.png'), imageId, seed: 1 },
      { path: join(folder, 'gone.png'), imageId, seed: 1 },
      { path: pathOf(1), imageId, seed: 1 },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['done', 'failed', 'failed', 'done']);
    expect(results[1]).toMatchObject({ path: join(folder, 'broken.png'), error: { code: 'damaged-file' } });
    expect(results[2]).toMatchObject({ error: { code: 'not-found' } });
  });

  test('starts threads that leave the list of decoders alone, which all threads of a process share', async () => {
    const operation = ['VipsForeignLoadPng'];
    sharp.block({ operation });
    const late = createPipelinePool({ workerCount: 1 });
    const task = { path: pathOf(0), imageId, seed: 1 };
    try {
      expect(await late.run(steps, [task])).toMatchObject([{ status: 'failed' }]);
      sharp.unblock({ operation });
      expect(await late.run(steps, [task])).toMatchObject([{ status: 'done' }]);
    } finally {
      sharp.unblock({ operation });
      await late.close();
    }
  });

  test('says what is missing when a pipeline ends with a picture', async () => {
    const [result] = await pool.run(steps.slice(0, 1), [{ path: pathOf(0), imageId, seed: 1 }]);
    expect(result).toMatchObject({ status: 'failed', error: { code: 'bad-input' } });
  });

  test('goes on with all that it was given while this thread hears nothing', async () => {
    const own = `${folder}-own`;
    await cp(folder, own, { recursive: true });
    const tasks = Array.from({ length: 24 }, (_, index) => ({
      path: join(own, `${index % 9}.png`),
      imageId,
      seed: index,
    }));
    const pending = pool.run(steps, tasks);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
    // Whatever was not read by now is not there any more.
    rmSync(own, { recursive: true });
    expect((await pending).filter(({ status }) => status !== 'done')).toEqual([]);
  });

  test('closes with work waiting: every task is answered, later ones at once', async () => {
    const closing = createPipelinePool({ workerCount: 1 });
    const pending = closing.run(
      steps,
      Array.from({ length: 30 }, () => ({ path: pathOf(0), imageId, seed: 1 })),
    );
    await closing.close();
    const failed = (await pending).filter((result) => result.status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ error }) => error.code === 'cancelled')).toBe(true);
    expect(await closing.run(steps, [{ path: pathOf(0), imageId, seed: 1 }])).toMatchObject([
      { error: { code: 'cancelled' } },
    ]);
  });
});

function pathOf(index: number): string {
  return join(folder, `${String(index)}.png`);
}

function noise(seed: number): RgbImage {
  const random = createRandom(seed);
  return { width: 20, height: 18, data: Uint8Array.from({ length: 1080 }, () => random.integer(256)) };
}
