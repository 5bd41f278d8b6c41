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
      plateau: { best: 0.25, epochsWithoutBetter: 1, rateFactor: 0.1 },
      cachedLayer: 'block6d_add',
    },
    optimizerStepCount: step,
    weights: new Map([['classifier/bias', array]]),
    optimizerSlots: new Map([['classifier/bias:velocity', array]]),
    averageWeights: new Map([['classifier/bias', array]]),
    bestWeights: new Map(),
    bestProbabilities: { shape: [1, 2], values: Float32Array.of(0.25, 0.75) },
  };
}

it('gives back the very numbers and keeps the latest two', async () => {
  for (const step of [5, 10, 15]) await writeCheckpoint(folder, checkpointAt(step));
  expect(await readLatestCheckpoint(folder)).toEqual(checkpointAt(15));
  expect(await readdir(folder)).toHaveLength(2);
});

it('falls back on the one before when the latest is torn', async () => {
  for (const step of [5, 10]) await writeCheckpoint(folder, checkpointAt(step));
  const latest = path.join(folder, 'step-000000010');
  const tensors = (await readdir(latest)).find((name) => name.endsWith('.bin')) ?? '';
  await writeFile(path.join(latest, tensors), 'torn');
  expect(await readLatestCheckpoint(folder)).toEqual(checkpointAt(5));
});

it('keeps the one at the same step when writing it again is cut short, and clears what is left of that', async () => {
  await writeCheckpoint(folder, checkpointAt(5));
  const own = path.join(folder, 'step-000000005');
  await writeFile(path.join(own, '0123456789abcdef.bin'), 'the tensors of a checkpoint whose record was never written');
  await writeFile(path.join(own, '.tmp-checkpoint.json-00'), '{');
  expect(await readLatestCheckpoint(folder)).toEqual(checkpointAt(5));
  await writeCheckpoint(folder, checkpointAt(5));
  expect(await readdir(own)).toHaveLength(2);
});

it('finds none in a new run', async () => {
  expect(await readLatestCheckpoint(path.join(folder, 'absent'))).toBeNull();
});
