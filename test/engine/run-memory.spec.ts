import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ProcessStarter, TrainerProcess } from '../../src-main/core/ports.ts';
import type { FromTrainer } from '../../src-main/jobs/trainer-protocol.ts';
import { RunService } from '../../src-main/services/run/run-service.ts';
import { makeTinyRuns, tinyProjectId, type TinyRuns } from '../support/tiny-runs.ts';

// Runs of the real service in real trainer processes, which are killed as the system kills them when memory runs out.

const made: TinyRuns[] = [];
afterAll(async () => {
  for (const tiny of made) {
    await tiny.close();
    await rm(path.dirname(tiny.job.runFolder), { recursive: true, force: true });
  }
});

/** A run service whose trainers the system ends for memory when they say this. */
async function runsOutWhen(
  isOut: (message: FromTrainer, trainerCount: number) => boolean,
): Promise<{ readonly tiny: TinyRuns; readonly short: RunService }> {
  const tiny = await makeTinyRuns({ epochs: 4, headFirst: { epochs: 3, learningRate: 0.05 } }, 'fine-tuning');
  made.push(tiny);
  let count = 0;
  const processStarter: ProcessStarter = {
    startTrainer() {
      count += 1;
      return diesFor(tiny.deps.processStarter.startTrainer(), (message) => isOut(message, count));
    },
  };
  return { tiny, short: new RunService({ ...tiny.deps, processStarter }) };
}

function diesFor(trainer: TrainerProcess, isOut: (message: FromTrainer) => boolean): TrainerProcess {
  let isDead = false;
  return {
    pid: trainer.pid,
    send: (message) => trainer.send(message),
    kill: () => trainer.kill(),
    onMessage: (listener) =>
      trainer.onMessage((message) => {
        if (isDead) return;
        listener(message);
        if (!isOut(message)) return;
        isDead = true;
        trainer.kill();
      }),
    onExit: (listener) =>
      trainer.onExit((exit) => listener({ ...exit, wasKilled: false, endedForMemory: isDead && exit.wasKilled })),
  };
}

async function endedIn(service: RunService, runId: Parameters<RunService['get']>[1]): Promise<void> {
  const isOver = async (): Promise<boolean> => (await service.record(tinyProjectId, runId)).endedAt !== null;
  while (!(await isOver())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a run whose first step does not fit into memory', () => {
  it('ends with the bits of one that was planned with the smaller batch', async () => {
    const { tiny, short } = await runsOutWhen(
      (message, trainers) => trainers === 1 && message.type === 'progress' && message.progress.phase === 'all',
    );
    const { record: started } = await short.start(tinyProjectId, tiny.recipe);
    await endedIn(short, started.id);
    const begunAgain = await short.record(tinyProjectId, started.id);
    const planned = await tiny.train({ batchSize: 2 });
    expect(begunAgain).toMatchObject({ status: 'completed', plannedBatchSize: 4, result: planned.result });
    expect(begunAgain.recipe).toEqual(planned.recipe);
    expect(await tiny.curves(begunAgain.id)).toEqual(await tiny.curves(planned.id));
    expect((await tiny.weights(begunAgain.id)).equals(await tiny.weights(planned.id))).toBe(true);
  });
});

describe('a run that memory ends in its third epoch of fine-tuning', () => {
  it('goes on with half of its batch as a new run, twice with the same bits, also when that is killed', async () => {
    const { tiny, short } = await runsOutWhen(
      (message) =>
        message.type === 'metrics' && message.metrics.some(({ type, epoch }) => type === 'step' && epoch === 6),
    );
    const { record: started } = await short.start(tinyProjectId, tiny.recipe);
    await endedIn(short, started.id);
    const ended = await short.record(tinyProjectId, started.id);
    expect(ended).toMatchObject({ status: 'interrupted', smallerBatchSize: 2, plannedBatchSize: null });

    const { record, metrics } = await tiny.runs.continueSmaller(tinyProjectId, ended.id, 2);
    expect(record).toMatchObject({ continues: ended.id, recipe: { ...tiny.recipe, batchSize: 2 } });
    const epochs = metrics.filter(({ type }) => type === 'epoch').length;
    expect(epochs).toBeGreaterThan(0);
    expect(record.continuesAfter?.epoch).toBe(epochs);
    const once = await tiny.ended(record.id);
    expect(once).toMatchObject({ status: 'completed', smallerBatchSize: null });
    const curves = await tiny.metrics(once.id);
    // Five steps an epoch of 18 images in fours, nine in twos.
    expect(curves.filter(({ type, epoch }) => type === 'step' && epoch === 7)).toHaveLength(9);
    expect(curves.filter(({ type, epoch }) => type === 'step' && epoch === 1)).toHaveLength(5);

    let kills = 0;
    tiny.listen((message, trainer) => {
      if (kills > 0 || message.type !== 'metrics') return;
      if (!message.metrics.some((metric) => metric.type === 'epoch' && metric.epoch === epochs + 1)) return;
      kills += 1;
      trainer.kill();
    });
    const again = await tiny.runs.continueSmaller(tinyProjectId, ended.id, 2);
    expect((await tiny.ended(again.record.id)).status).toBe('interrupted');
    await tiny.runs.resume(tinyProjectId, again.record.id);
    const twice = await tiny.ended(again.record.id);
    expect(twice).toMatchObject({ status: 'completed', result: once.result, continuesAfter: once.continuesAfter });
    expect(await tiny.curves(twice.id)).toEqual(await tiny.curves(once.id));
    expect((await tiny.weights(twice.id)).equals(await tiny.weights(once.id))).toBe(true);
    expect(await tiny.runs.record(tinyProjectId, ended.id)).toEqual(ended);
  });
});
