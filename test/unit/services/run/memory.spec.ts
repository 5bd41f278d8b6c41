import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Metric, RunProgress, RunRecord } from '../../../../src-shared/domain/run.ts';
import { textOf } from '../../../../src-shared/domain/sentence.ts';
import { noPlateau } from '../../../../src-shared/domain/recipe/plateau.ts';
import { storeCheckpoint } from '../../../../src-main/jobs/checkpoint-files.ts';
import type { FromTrainer, ToTrainer } from '../../../../src-main/jobs/trainer-protocol.ts';
import type { RunService } from '../../../../src-main/services/run/run-service.ts';
import { atBatchSize } from '../../../../src-main/services/run/smaller-batch.ts';
import {
  makeBench,
  makeDataset,
  pipelineId,
  projectId,
  recipe,
  type Bench,
  type ScriptedTrainer,
} from './run-support.ts';
import { classicPipeline } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import { defaultRecipe } from '../../../../src-shared/domain/recipe/recipe.ts';

const dataset = makeDataset([
  ['cat', 'training'],
  ['dog', 'training'],
]);
const fineTuning = defaultRecipe('fine-tuning', pipelineId);
const trained: FromTrainer = { type: 'trained', wasCancelled: false, bestEpoch: 1, versions: {} };
const outOfMemory: FromTrainer = {
  type: 'failed',
  error: { code: 'bug', message: 'OOM when allocating tensor with shape[32,112,112,32]', retry: true },
};

function inPhase(phase: RunProgress['phase']): FromTrainer {
  const rest = { value: 0, done: 0, total: 1, totalSteps: 1, totalEpochs: 1 };
  const unknown = { imagesPerSecond: null, waitingShare: null, secondsLeft: null, memoryBytes: null };
  return { type: 'progress', progress: { phase, ...rest, ...unknown } };
}

function stepOf(phase: 'head' | 'all'): Metric {
  const measured = { loss: 0.7, accuracy: 0.5, learningRate: 0.01, imagesPerSecond: 10 };
  return { type: 'step', phase, step: 1, epoch: 1, ...measured };
}

let bench: Bench | undefined;
let runs: RunService | undefined;

afterEach(async () => {
  await runs?.close();
  await bench?.remove();
});

type React = (message: Extract<ToTrainer, { type: 'start' }>, trainer: ScriptedTrainer) => void;

async function setUp(react: React): Promise<RunService> {
  bench = await makeBench(dataset, (message, trainer) => {
    if (message.type === 'start') react(message, trainer);
  });
  return (runs = bench.makeService());
}

async function ended(service: RunService, id: RunRecord['id']): Promise<RunRecord> {
  return vi.waitFor(async () => {
    const { record } = await service.get(projectId, id);
    expect(['completed', 'failed', 'interrupted']).toContain(record.status);
    return record;
  }, 5_000);
}

/** The batch sizes that trainers were started with. */
function batchSizes(): readonly number[] {
  return (bench?.trainers ?? []).flatMap(({ received }) =>
    received.flatMap((message) =>
      message.type === 'start' && message.job.kind === 'train' ? [message.job.recipe.batchSize] : [],
    ),
  );
}

/** Memory suffices for a batch of eight; the head has learned before. */
function fitsEight({ job }: Parameters<React>[0], trainer: ScriptedTrainer): void {
  if (job.kind !== 'train') return;
  const { runFolder, recipe: asked } = job;
  void (async () => {
    trainer.say(inPhase('head'), { type: 'metrics', metrics: [stepOf('head')] }, inPhase('all'));
    await appendFile(path.join(runFolder, 'metrics.jsonl'), `${JSON.stringify(stepOf('head'))}\n`);
    await mkdir(path.join(runFolder, 'checkpoints', `step-${asked.batchSize}`), { recursive: true });
    trainer.say(asked.batchSize > 8 ? outOfMemory : trained);
    trainer.exit(0);
  })();
}

describe('memory that runs out before the first step', () => {
  it('makes the run begin again with half of the batch, until it fits, and the record says so', async () => {
    const service = await setUp(fitsEight);
    const { record: started } = await service.start(projectId, fineTuning);
    const record = await ended(service, started.id);
    expect(record).toMatchObject({ status: 'completed', reason: null, plannedBatchSize: 32, smallerBatchSize: null });
    expect(record.recipe).toEqual({ ...fineTuning, batchSize: 8 });
    expect(batchSizes()).toEqual([32, 16, 8]);
    const files = bench?.paths.run(started.id);
    expect(JSON.parse(await readFile(files?.record ?? '', 'utf8'))).toEqual(record);
    // What the other batches left is gone: the rest is a run of eight from its first step on.
    expect((await readFile(files?.metrics ?? '', 'utf8')).trim().split('\n')).toHaveLength(1);
    expect((await service.get(projectId, started.id)).metrics).toEqual([stepOf('head')]);
    const told = (bench?.events ?? []).flatMap(({ name, payload }) =>
      name === 'run.recordChanged' ? [payload.record.recipe.batchSize] : [],
    );
    expect([...new Set(told)]).toEqual([32, 16, 8]);
  });

  it('ends the run when not even one image fits', async () => {
    const service = await setUp((_message, trainer) => {
      trainer.say(inPhase('all'), outOfMemory);
      trainer.exit(0);
    });
    const { record: started } = await service.start(projectId, { ...fineTuning, batchSize: 5 });
    const record = await ended(service, started.id);
    expect(record).toMatchObject({ status: 'failed', plannedBatchSize: 5, smallerBatchSize: null });
    expect(textOf(record.reason ?? '')).toBe('Memory ran out. Close other programs, then try again.');
    expect(batchSizes()).toEqual([5, 2, 1]);
  });

  it('is believed where the system ended the trainer, and only suspected where it was just killed', async () => {
    let isSure = true;
    const service = await setUp((_message, trainer) => {
      trainer.say(inPhase('head'));
      const isFirst = bench?.trainers.length === 1;
      if (isSure && !isFirst) trainer.say(trained);
      trainer.exit(null, isSure && !isFirst ? null : 'SIGKILL', '', isSure);
    });
    const { record: sure } = await service.start(projectId, recipe);
    expect(await ended(service, sure.id)).toMatchObject({ status: 'completed', plannedBatchSize: 32 });
    isSure = false;
    const { record: killed } = await service.start(projectId, recipe);
    const record = await ended(service, killed.id);
    expect(record).toMatchObject({ status: 'interrupted', plannedBatchSize: null, smallerBatchSize: 16 });
    expect(textOf(record.reason ?? '')).toMatch(/^The trainer was killed from outside.*batch size of 16/u);
  });
});

describe('memory that runs out later', () => {
  it.each([
    'OOM when allocating tensor with shape[32,112,112,32]',
    'The image a.png cannot be used: WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory',
    'RangeError: Array buffer allocation failed',
    'What TensorFlow computes on failed: RESOURCE_EXHAUSTED: no room. Try again',
  ])('ends the run with half of the batch to go on with when the trainer says “%s”', async (message) => {
    const service = await setUp((_start, trainer) => {
      trainer.say(inPhase('head'), { type: 'metrics', metrics: [stepOf('head')] });
      trainer.say({ type: 'failed', error: { code: 'bug', message, retry: true } });
      trainer.exit(0);
    });
    const { record: started } = await service.start(projectId, recipe);
    const record = await ended(service, started.id);
    expect(record).toMatchObject({ status: 'failed', plannedBatchSize: null, smallerBatchSize: 16 });
    expect(textOf(record.reason ?? '')).toBe(
      'Memory ran out. Continue with a batch size of 16, or close other programs and continue as before.',
    );
  });

  it('advises nothing about the batch where features are computed, which takes none of it', async () => {
    const service = await setUp((_start, trainer) => {
      trainer.say(inPhase('features'), outOfMemory);
      trainer.exit(0);
    });
    const { record: started } = await service.start(projectId, fineTuning);
    const record = await ended(service, started.id);
    expect(record).toMatchObject({ status: 'failed', smallerBatchSize: null, plannedBatchSize: null });
    expect(batchSizes()).toEqual([32]);
  });
});

describe('going on with a smaller batch', () => {
  it('is a new run from the beginning, with the pipeline of the first, where that left no checkpoint', async () => {
    const service = await setUp((_start, trainer) => {
      trainer.say(inPhase('head'), { type: 'metrics', metrics: [stepOf('head')] }, outOfMemory);
      trainer.exit(0);
    });
    const { record: first } = await service.start(projectId, recipe);
    await ended(service, first.id);
    const other = bench?.makeService({ readPipeline: () => ({ ...classicPipeline(pipelineId, 'Another') }) });
    if (!other) throw new Error('Expected a bench');
    const { record } = await other.continueSmaller(projectId, first.id, 16);
    expect(record).toMatchObject({
      ...{ number: 2, name: `${first.name}, batch 16`, continues: null, pipeline: { name: 'Classic' } },
      recipe: { ...recipe, batchSize: 16 },
    });
    await ended(other, record.id);
    expect((await other.continueSmaller(projectId, record.id, 8)).record.name).toBe(`${first.name}, batch 8`);
    await other.close();
  });

  it('names no run before it once it had to begin again, and then has nothing of that one', async () => {
    const service = await setUp(({ job }, trainer) => {
      const isFirst = bench?.trainers.length === 1;
      const fits = job.kind === 'train' && job.recipe.batchSize <= 8;
      if (isFirst) trainer.say(inPhase('head'));
      else trainer.say(inPhase('all'), fits ? trained : outOfMemory);
      trainer.exit(null, isFirst ? 'SIGKILL' : null);
    });
    const { record: first } = await service.start(projectId, fineTuning);
    await ended(service, first.id);
    const position = {
      ...{ phase: 'head' as const, epochInPhase: 1, stepInEpoch: 0, step: 1, epoch: 1, epochsWithoutBetter: 0 },
      ...{ sums: { loss: 0, correct: 0, images: 0 }, best: null, cachedLayer: null, plateau: noPlateau },
    };
    const folder = bench?.paths.run(first.id).checkpoints ?? '';
    await storeCheckpoint(folder, { position, optimizerStepCount: 1, entries: [] }, []);
    const { record: second } = await service.continueSmaller(projectId, first.id, 16);
    expect(second).toMatchObject({ continues: first.id, continuesAfter: { step: 1, epoch: 1 } });
    expect(await ended(service, second.id)).toMatchObject({
      ...{ status: 'completed', recipe: { batchSize: 8 }, plannedBatchSize: 16 },
      ...{ continues: null, continuesAfter: null },
    });
  });

  it('refuses a batch that is not smaller', async () => {
    const service = await setUp((_start, trainer) => trainer.exit(null, 'SIGSEGV'));
    const { record } = await service.start(projectId, recipe);
    await ended(service, record.id);
    await expect(service.continueSmaller(projectId, record.id, 32)).rejects.toMatchObject({
      code: 'conflict',
      message: 'A batch size of 32 is not smaller than the 32 of this run. Name a smaller one.',
    });
  });

  it.each([
    { batchSize: 16, step: 3, stands: 6 },
    { batchSize: 10, step: 3, stands: 9 },
    // An epoch of 100 images is four steps of 32, the last one of 4 images.
    { batchSize: 16, step: 4, stands: 7 },
    { batchSize: 16, step: 0, stands: 0 },
  ])('stands after the same images: $step steps of 32 are $stands of $batchSize', ({ batchSize, step, stands }) => {
    const position = {
      ...{ phase: 'all' as const, epochInPhase: 2, stepInEpoch: step, step: 70, epoch: 32, epochsWithoutBetter: 0 },
      ...{ sums: { loss: 1, correct: 2, images: 3 }, best: null, cachedLayer: null },
      plateau: { best: null, epochsWithoutBetter: 0, rateFactor: 1 },
    };
    const moved = atBatchSize(position, { batchSize: 32 }, { batchSize, imageCount: 100 });
    expect(moved).toEqual({ ...position, stepInEpoch: stands });
  });
});
