import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findFittingBatch } from '../../src-main/trainer/probe/fitting-batch.ts';
import { openTrainSession, type TrainSession } from '../../src-main/trainer/train/train-session.ts';
import { recordingLink } from '../support/recording-link.ts';
import { makeTinyJob, onLite0 } from '../support/tiny-training.ts';

let session: TrainSession | undefined;
afterEach(async () => {
  const { runFolder } = session?.job ?? {};
  await session?.close();
  if (runFolder !== undefined) await rm(path.dirname(runFolder), { recursive: true, force: true });
});

async function openLite0(batchSize: number): Promise<TrainSession> {
  const job = await onLite0(await makeTinyJob({ batchSize, epochs: 1 }, 'fine-tuning'));
  session = await openTrainSession(job, recordingLink().link);
  return session;
}

/** Answers the sizes of the batches that the executor will be given; memory runs out beyond `most` images. */
function watch({ executor }: TrainSession, most: number): readonly number[] {
  const counts: number[] = [];
  const compute = executor.computeGradients.bind(executor);
  vi.spyOn(executor, 'computeGradients').mockImplementation((batch) => {
    counts.push(batch.count);
    if (batch.count > most) throw new Error('OOM when allocating tensor with shape[16,112,112,32]');
    return compute(batch);
  });
  return counts;
}

describe('the largest batch that fits', () => {
  it('is the one that was asked for where there is room, after steps of few images and of more', async () => {
    const opened = await openLite0(16);
    const counts = watch(opened, 16);
    expect(await findFittingBatch(opened, 1e12)).toEqual({ batchSize: 16, neededBytes: null });
    expect(counts).toEqual([4, 4, 8, 8]);
  });

  it('is smaller where the memory that was measured says that it has to be, and no larger one was tried', async () => {
    const opened = await openLite0(16);
    const counts = watch(opened, 16);
    const budget = process.memoryUsage.rss() + 1;
    const fitting = await findFittingBatch(opened, budget);
    expect(fitting?.batchSize).toBe(4);
    expect(fitting?.neededBytes).toBeGreaterThan(budget);
    expect(counts).toEqual([4, 4]);
  });

  it('is the last one that went through where memory runs out in a larger one, and nothing is left behind', async () => {
    const opened = await openLite0(16);
    const counts = watch(opened, 4);
    const { tf } = opened.tensorFlow;
    expect(await findFittingBatch(opened, 1e12)).toMatchObject({ batchSize: 4 });
    expect(counts).toEqual([4, 4, 8]);
    // The first steps make what the network derives from its weights; the second time nothing new is there.
    const held = tf.memory().numTensors;
    expect(await findFittingBatch(opened, 1e12)).toMatchObject({ batchSize: 4 });
    expect(tf.memory().numTensors).toBe(held);
  });
});
