import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLatestCheckpoint, writeCheckpoint, type Checkpoint } from '../../../src-main/trainer/train/checkpoint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function checkpointAt(step: number): Checkpoint {
  const array = { shape: [2], values: Float32Array.of(step, 1 / 3) };
  return {
    position: {
      ...{ phase: 'head', epochInPhase: 1, stepInEpoch: 2, step, epoch: 1, epochsWithoutBetter: 0 },
      sums: { loss: 0.1 + 0.2, correct: 3, images: 8 },
      best: { epoch: 1, loss: 0.25 },
    },
    optimizerStepCount: step,
    weights: new Map([['classifier/bias', array]]),
    optimizerSlots: new Map([['classifier/bias:velocity', array]]),
    bestWeights: new Map(),
  };
}

it('gives back the very numbers and keeps the latest two', async () => {
  for (const step of [5, 10, 15]) await writeCheckpoint(folder, checkpointAt(step));
  expect(await readLatestCheckpoint(folder)).toEqual(checkpointAt(15));
  expect(await readdir(folder)).toHaveLength(2);
});

it('falls back on the one before when the latest is torn', async () => {
  for (const step of [5, 10]) await writeCheckpoint(folder, checkpointAt(step));
  await writeFile(path.join(folder, 'step-000000010', 'tensors.bin'), 'torn');
  expect(await readLatestCheckpoint(folder)).toEqual(checkpointAt(5));
});

it('finds none in a new run', async () => {
  expect(await readLatestCheckpoint(path.join(folder, 'absent'))).toBeNull();
});
