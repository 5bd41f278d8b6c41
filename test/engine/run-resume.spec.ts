import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { textOf } from '../../src-shared/domain/sentence.ts';
import type { FromTrainer } from '../../src-main/jobs/trainer-protocol.ts';
import { RunService } from '../../src-main/services/run/run-service.ts';
import { killAndResume } from '../support/kill-run.ts';
import { makeTinyRuns, tinyProjectId, type TinyRuns } from '../support/tiny-runs.ts';

// Runs of the real service in real trainer processes, on a network of one convolution.

const made: TinyRuns[] = [];
afterAll(async () => {
  for (const tiny of made) {
    await tiny.close();
    await rm(path.dirname(tiny.job.runFolder), { recursive: true, force: true });
  }
});

async function tinyRuns(...args: Parameters<typeof makeTinyRuns>): Promise<TinyRuns> {
  const tiny = await makeTinyRuns(...args);
  made.push(tiny);
  return tiny;
}

/** The epoch that ends with this message, or 0. */
function endedEpoch(message: FromTrainer): number {
  return message.type === 'metrics' ? (message.metrics.findLast(({ type }) => type === 'epoch')?.epoch ?? 0) : 0;
}

function isGone(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return false;
  } catch {
    return true;
  }
}

describe('a run that is killed again and again', () => {
  it.each([
    ['feature-extraction', 3],
    ['fine-tuning', 3],
  ] as const)('by %s ends with the bits of an unbroken one, each step recorded once', async (mode, kills) => {
    const tiny = await tinyRuns({ epochs: 12, headFirst: { epochs: 3, learningRate: 0.05 } });
    const report = await killAndResume(tiny, { mode, kills, seed: `short/${mode}` });
    expect(report).toMatchObject({ hasEqualWeights: true, hasEqualCurves: true, record: { status: 'completed' } });
    expect(report.kills).toBe(kills);
  });
});

describe('continuing a run', () => {
  it('goes on with a cancelled one in its own record, and judges it anew', async () => {
    const tiny = await tinyRuns({ epochs: 400 });
    const unbroken = await tiny.train();
    let isCancelled = false;
    tiny.listen((message) => {
      if (isCancelled || endedEpoch(message) < 20) return;
      isCancelled = true;
      tiny.runs.cancel(tinyProjectId, running);
    });
    const { record: started } = await tiny.runs.start(tinyProjectId, tiny.recipe);
    const running = started.id;
    const cancelled = await tiny.ended(running);
    expect(cancelled).toMatchObject({ status: 'cancelled', result: { split: 'test' } });

    const resumed = await tiny.runs.resume(tinyProjectId, running);
    expect(resumed.record).toMatchObject({ id: running, number: 2, status: 'queued', result: null, endedAt: null });
    expect(resumed.metrics).toEqual(await tiny.metrics(running));
    await expect(tiny.runs.resume(tinyProjectId, running)).rejects.toMatchObject({ code: 'conflict' });
    const record = await tiny.ended(running);
    expect(record).toMatchObject({ status: 'completed', bestEpoch: unbroken.bestEpoch, result: unbroken.result });
    expect(record.seconds).toBeGreaterThan(cancelled.seconds ?? 0);
    expect(await tiny.curves(running)).toEqual(await tiny.curves(unbroken.id));
    expect((await tiny.weights(running)).equals(await tiny.weights(unbroken.id))).toBe(true);
    await expect(tiny.runs.resume(tinyProjectId, running)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('complete') as string,
    });
  });

  it('replaces best weights on disk that are newer than the checkpoint, and drops what a kill tore', async () => {
    const tiny = await tinyRuns();
    const unbroken = await tiny.train();
    let kills = true;
    tiny.listen((message, trainer) => {
      // All epochs are done: nothing better comes after the checkpoint that would be saved anyway.
      if (kills && message.type === 'status' && message.status === 'evaluating') trainer.kill();
    });
    let interrupted = await tiny.train();
    // Judging 12 images takes a few milliseconds: on a busy machine the trainer may be through with it before the kill arrives.
    for (let tries = 1; interrupted.status === 'completed' && tries < 20; tries += 1) interrupted = await tiny.train();
    kills = false;
    expect(interrupted).toMatchObject({ status: 'interrupted', result: null });
    const files = tiny.paths.run(interrupted.id);
    await writeFile(files.weights, 'newer weights');
    await appendFile(files.metrics, '{"type":"step","phase":"he');
    await writeFile(path.join(files.folder, '.tmp-weights.bin-00'), 'half');
    await tiny.runs.resume(tinyProjectId, interrupted.id);
    expect(await tiny.ended(interrupted.id)).toMatchObject({ status: 'completed', result: unbroken.result });
    expect(await tiny.curves(interrupted.id)).toEqual(await tiny.curves(unbroken.id));
    expect((await tiny.weights(interrupted.id)).equals(await tiny.weights(unbroken.id))).toBe(true);
    await expect(readFile(path.join(files.folder, '.tmp-weights.bin-00'))).rejects.toThrow('ENOENT');
  });

  it('is refused, saying why, without a checkpoint and when the images are others', async () => {
    const tiny = await tinyRuns();
    let isKilled = false;
    tiny.listen((message, trainer) => {
      if (isKilled || message.type !== 'status') return;
      isKilled = true;
      trainer.kill();
    });
    const lost = await tiny.train();
    expect(lost.status).toBe('interrupted');
    const dataset = await tiny.deps.readDataset(tinyProjectId);
    const [first, ...rest] = dataset.images;
    const changes = {
      label: [{ ...first!, classId: dataset.images[1]!.classId }, ...rest],
      split: [{ ...first!, split: 'test' as const }, ...rest],
    };
    const reasons = await Promise.all(
      [dataset.images, changes.label, changes.split].map(async (images) => {
        const runs = new RunService({ ...tiny.deps, readDataset: () => ({ ...dataset, images }) });
        return runs.resume(tinyProjectId, lost.id).catch((error: unknown) => String(error));
      }),
    );
    expect(reasons).toEqual([
      expect.stringContaining('no checkpoint'),
      expect.stringContaining('a label, a split or a class is another'),
      expect.stringContaining('training 18 then, 17 now; test 6 then, 7 now'),
    ]);
  });
});

describe('extending a run', () => {
  it.each(['feature-extraction', 'fine-tuning'] as const)(
    'by %s ends with the bits of one that was planned so long, and leaves the first as it was',
    async (mode) => {
      const constant = { schedule: { kind: 'constant' }, learningRate: 0.01 } as const;
      const tiny = await tinyRuns(constant, mode);
      const [short, long] = [await tiny.train({ epochs: 2 }), await tiny.train({ epochs: 5 })];
      const before = [await tiny.weights(short.id), await tiny.curves(short.id)];
      const { record, metrics } = await tiny.runs.extend(tinyProjectId, short.id, 3);
      expect(record).toMatchObject({ number: 3, continues: short.id, recipe: { epochs: 5 }, result: null });
      expect(metrics).toEqual(await tiny.metrics(short.id));
      const extended = await tiny.ended(record.id);
      expect(extended).toMatchObject({ status: 'completed', result: long.result, bestEpoch: long.bestEpoch });
      expect(await tiny.curves(extended.id)).toEqual(await tiny.curves(long.id));
      expect((await tiny.weights(extended.id)).equals(await tiny.weights(long.id))).toBe(true);
      expect(await tiny.runs.record(tinyProjectId, short.id)).toEqual(short);
      expect([await tiny.weights(short.id), await tiny.curves(short.id)]).toEqual(before);
    },
  );

  it('that stopped early counts the epochs without a better one anew', async () => {
    const tiny = await tinyRuns({ epochs: 400, learningRate: 1, earlyStopping: { patience: 3 } });
    const stopped = await tiny.train();
    const epochsOf = async (id: typeof stopped.id): Promise<number> =>
      (await tiny.metrics(id)).filter(({ type }) => type === 'epoch').length;
    const first = await epochsOf(stopped.id);
    const { record } = await tiny.runs.extend(tinyProjectId, stopped.id, 2);
    expect(record.recipe.epochs).toBe(first + 2);
    await tiny.ended(record.id);
    expect(await epochsOf(record.id)).toBe(first + 2);
  });

  it('is refused for a run that did not come to its end', async () => {
    const tiny = await tinyRuns({ learningRate: 10, weightDecay: 1, epochs: 40 });
    const { id } = await tiny.train();
    await expect(tiny.runs.extend(tinyProjectId, id, 1)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('ended early') as string,
    });
  });
});

describe('judging a run', () => {
  it('on a split that was not saved with it makes the predictions, with the labels as they are now', async () => {
    const tiny = await tinyRuns({ epochs: 40 });
    const record = await tiny.train();
    const saved = await tiny.runs.evaluate(tinyProjectId, record.id, 'test');
    const training = await tiny.runs.evaluate(tinyProjectId, record.id, 'training');
    expect(training).toMatchObject({ split: 'training', images: { length: 18 } });
    expect(training.accuracy).toBeGreaterThan(0.8);
    const judged = tiny.events.flatMap(({ name, payload }) => (name === 'run.imagesJudged' ? [payload] : []));
    const told = { projectId: tinyProjectId, runId: record.id, split: 'training', total: 18 };
    expect(judged).toEqual([
      { ...told, done: 0 },
      { ...told, done: 18 },
    ]);
    // What is made anew is what was saved: remove it and ask again.
    await rm(tiny.paths.run(record.id).predictions);
    const made = await tiny.runs.evaluate(tinyProjectId, record.id, 'test');
    expect(made.confusion).toEqual(saved.confusion);
    expect(made.loss).toBeCloseTo(saved.loss, 4);
  });

  it('says of each image what it says of it alone, and names one that cannot be read', async () => {
    const tiny = await tinyRuns({ epochs: 40 });
    const record = await tiny.train();
    const { images } = await tiny.runs.evaluate(tinyProjectId, record.id, 'training');
    const { imageId, probability } = images[7]!;
    const alone = await tiny.runs.predictFile(record, tiny.paths.image(imageId, 'png'));
    expect(Math.max(...alone.probabilities)).toBeCloseTo(probability, 5);
    const spoiled = tiny.paths.image(imageId, 'png');
    await writeFile(spoiled, 'no picture');
    const fileName = (await tiny.deps.readDataset(tinyProjectId)).images.find(({ id }) => id === imageId)?.fileName;
    await expect(tiny.runs.evaluate(tinyProjectId, record.id, 'training')).rejects.toMatchObject({
      message: expect.stringMatching(new RegExp(`^${fileName}: .*not a picture`)) as string,
    });
  });

  it('that was continued asks the new weights', async () => {
    const tiny = await tinyRuns({ epochs: 400 });
    let isCancelled = false;
    tiny.listen((message) => {
      if (isCancelled || endedEpoch(message) === 0) return;
      isCancelled = true;
      tiny.runs.cancel(tinyProjectId, running);
    });
    const { record } = await tiny.runs.start(tinyProjectId, tiny.recipe);
    const running = record.id;
    await tiny.ended(running);
    const before = await tiny.runs.evaluate(tinyProjectId, running, 'training');
    await tiny.runs.resume(tinyProjectId, running);
    await tiny.ended(running);
    const after = await tiny.runs.evaluate(tinyProjectId, running, 'training');
    expect(after.loss).toBeLessThan(before.loss);
  });
});

describe('the same recipe twice', () => {
  it.each(['feature-extraction', 'fine-tuning'] as const)(
    'by %s gives the same file of weights, another seed another one',
    async (mode) => {
      const tiny = await tinyRuns({}, mode);
      const [first, second, other] = [await tiny.train(), await tiny.train(), await tiny.train({ seed: 2 })];
      expect((await tiny.weights(second.id)).equals(await tiny.weights(first.id))).toBe(true);
      expect((await tiny.weights(other.id)).equals(await tiny.weights(first.id))).toBe(false);
    },
  );
});

describe('a run whose loss is no number any more', () => {
  it('fails with the step and the likely cause, and the weights of its best epoch predict', async () => {
    // Decay of 1 at a rate of 10 makes every weight −9 times itself at each step.
    const tiny = await tinyRuns({ learningRate: 10, weightDecay: 1, epochs: 40 });
    const record = await tiny.train();
    expect(record).toMatchObject({ status: 'failed', bestEpoch: expect.any(Number) as number });
    expect(textOf(record.reason ?? '')).toMatch(/by step \d+, in epoch \d+.*learning rate.*are kept/);
    const dataset = await tiny.deps.readDataset(tinyProjectId);
    const { probabilities } = await tiny.runs.predictFile(record, tiny.paths.image(dataset.images[0]!.id, 'png'));
    expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    const epochs = (await tiny.metrics(record.id)).filter((metric) => metric.type === 'epoch');
    expect(epochs.findLast(({ isBest }) => isBest)?.epoch).toBe(record.bestEpoch);
  });
});

describe('the trainer process', () => {
  it('is gone after every run: completed, failed or cancelled', async () => {
    const tiny = await tinyRuns();
    const statuses = [
      (await tiny.train()).status,
      (await tiny.train({ learningRate: 10, weightDecay: 1, epochs: 40 })).status,
    ];
    let isCancelled = false;
    const { record } = await tiny.runs.start(tinyProjectId, { ...tiny.recipe, epochs: 5000 });
    tiny.listen((message) => {
      if (isCancelled || endedEpoch(message) === 0) return;
      isCancelled = true;
      tiny.runs.cancel(tinyProjectId, record.id);
    });
    statuses.push((await tiny.ended(record.id)).status);
    expect(statuses).toEqual(['completed', 'failed', 'cancelled']);
    expect(tiny.trainers.map(({ pid }) => isGone(pid))).toEqual([true, true, true]);
  });
});
