import { existsSync, readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { predictionSchema } from '../../src-shared/domain/run.ts';
import type { TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import { train } from '../../src-main/trainer/train/train-job.ts';
import type { LinkEvent } from '../../src-main/trainer/job-link.ts';
import { openTensorFlow } from '../support/engine.ts';
import { recordingLink } from '../support/recording-link.ts';
import { atStep, curvesOf, linesOf, metricsOf, runJob, weightsOf } from '../support/run-tiny.ts';
import { anotherRun, makeTinyJob, onLite0 } from '../support/tiny-training.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const cancel: LinkEvent = { type: 'message', message: { type: 'cancel' } };

async function tinyJob(...args: Parameters<typeof makeTinyJob>): Promise<TrainJob> {
  const job = await makeTinyJob(...args);
  folders.push(path.dirname(job.runFolder));
  return job;
}

/** Makes a number of the backbone's first kernel something else. */
async function spoilBackbone({ backboneFolder }: TrainJob, value: number): Promise<void> {
  const file = path.join(backboneFolder, 'weights.bin');
  const bytes = await readFile(file);
  bytes.writeFloatLE(value, 0);
  await writeFile(file, bytes);
}

describe.each(['feature-extraction', 'fine-tuning'] as const)('a training by %s', (mode) => {
  it('learns, leaves everything in its folder, and gives the same bits again', async () => {
    const job = await tinyJob({}, mode);
    const said = await runJob(job);
    const statuses = said.flatMap((message) => (message.type === 'status' ? [message.status] : []));
    expect([...new Set(statuses)]).toEqual(['preparing', 'training', 'evaluating']);
    expect(said.at(-1)).toMatchObject({ type: 'trained', wasCancelled: false });
    const metrics = await metricsOf(job);
    expect(said.flatMap((message) => (message.type === 'metrics' ? message.metrics : []))).toEqual(metrics);
    const epochs = metrics.filter((metric) => metric.type === 'epoch');
    expect(epochs.map(({ epoch }) => epoch)).toEqual(mode === 'fine-tuning' ? [1, 2, 3, 4, 5] : [1, 2, 3]);
    for (const { waitingShare } of metrics) expect(waitingShare).toSatisfy((share: number) => share >= 0 && share < 1);
    expect(epochs.at(-1)?.training.loss).toBeLessThan(epochs[0]?.training.loss ?? 0);
    const predictions = (await linesOf(job, 'predictions.jsonl')).map((line) =>
      v.parse(predictionSchema, JSON.parse(line)),
    );
    expect(predictions.map(({ split }) => split)).toEqual([
      ...Array<string>(6).fill('validation'),
      ...Array<string>(6).fill('test'),
    ]);
    for (const { probabilities } of predictions) expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);

    const again = await anotherRun(job, 'again');
    await runJob(again);
    expect(await curvesOf(again)).toEqual(await curvesOf(job));
    expect((await weightsOf(again)).equals(await weightsOf(job))).toBe(true);
  });

  it('goes on after its parent went away, with the bits of an unbroken run', async () => {
    const job = await tinyJob({}, mode);
    await runJob(job);
    const broken = await anotherRun(job, 'broken');
    const said = await runJob(broken, atStep(7, { type: 'abandoned' }));
    expect(said.some(({ type }) => type === 'trained')).toBe(false);
    expect(readdirSync(path.join(broken.runFolder, 'checkpoints')).length).toBeGreaterThan(0);
    // What was best by then can be used as it is.
    expect(existsSync(path.join(broken.runFolder, 'weights.bin'))).toBe(true);
    await runJob(broken);
    expect(await curvesOf(broken)).toEqual(await curvesOf(job));
    expect((await weightsOf(broken)).equals(await weightsOf(job))).toBe(true);
  });
});

describe('a training that ends early', () => {
  it('keeps and judges the best weights when it is cancelled', async () => {
    const job = await tinyJob({ epochs: 500 });
    const said = await runJob(job, atStep(20, cancel));
    const last = said.at(-1);
    const epochs = (await metricsOf(job)).filter((metric) => metric.type === 'epoch');
    expect(epochs.length).toBeLessThan(500);
    expect(last).toMatchObject({
      type: 'trained',
      wasCancelled: true,
      bestEpoch: epochs.findLast(({ isBest }) => isBest)?.epoch,
    });
    expect(await linesOf(job, 'predictions.jsonl')).toHaveLength(12);
  });

  it('leaves no model when it is cancelled before the first step', async () => {
    const job = await tinyJob();
    const said = await runJob(job, (message) => (message.type === 'progress' ? cancel : undefined));
    expect(said.at(-1)).toMatchObject({ type: 'trained', wasCancelled: true, bestEpoch: null });
    expect(existsSync(path.join(job.runFolder, 'weights.bin'))).toBe(false);
  });

  it('stops early when validation stops getting better', async () => {
    const job = await tinyJob({ epochs: 400, learningRate: 1, earlyStopping: { patience: 3 } });
    await runJob(job);
    const epochs = (await metricsOf(job)).filter((metric) => metric.type === 'epoch');
    expect(epochs.length).toBeLessThan(400);
    expect(epochs.slice(-3).map(({ isBest }) => isBest)).toEqual([false, false, false]);
  });

  it('names the step, the likely cause and a rate to try when the loss explodes, and keeps the good weights', async () => {
    // Decay of 1 at a rate of 10 makes every weight −9 times itself at each step.
    const job = await tinyJob({ learningRate: 10, weightDecay: 1, epochs: 40 });
    await expect(runJob(job)).rejects.toMatchObject({
      code: 'training-diverged',
      message: expect.stringMatching(/by step \d+, in epoch \d+.*try 1 instead of 10.*epoch \d+ are kept/) as string,
    });
    const best = (await metricsOf(job)).filter((metric) => metric.type === 'epoch' && metric.isBest);
    expect(best.length).toBeGreaterThan(0);
    expect(existsSync(path.join(job.runFolder, 'weights.bin'))).toBe(true);
  });

  it('stops when the loss is no number, with nothing to keep before the first epoch', async () => {
    const job = await tinyJob({ learningRate: 10 });
    await spoilBackbone(job, Number.NaN);
    await expect(runJob(job)).rejects.toMatchObject({
      code: 'training-diverged',
      message: expect.stringMatching(/stopped being a number at step 1, in epoch 1.*no weights are kept/) as string,
    });
    expect(existsSync(path.join(job.runFolder, 'weights.bin'))).toBe(false);
  });

  it('stops when a weight is infinite although ReLU6 hides it from the loss, and keeps none of them', async () => {
    const job = await tinyJob({ headFirst: { epochs: 0, learningRate: 0.05 } }, 'fine-tuning');
    await spoilBackbone(job, Number.POSITIVE_INFINITY);
    await expect(runJob(job)).rejects.toMatchObject({
      code: 'training-diverged',
      message: expect.stringMatching(/weights were not finite any more after step 5, in epoch 1/) as string,
    });
    expect((await metricsOf(job)).map(({ type }) => type)).toEqual(Array<string>(5).fill('step'));
    expect(existsSync(path.join(job.runFolder, 'weights.bin'))).toBe(false);
  });

  it('stops a fine-tuning of a real backbone whose loss explodes and stays finite', async () => {
    const job = await onLite0(await tinyJob({ learningRate: 1, epochs: 40 }, 'fine-tuning'));
    await expect(runJob(job)).rejects.toMatchObject({
      code: 'training-diverged',
      message: expect.stringMatching(/The loss exploded.*try 0\.1 instead of 1\..*epoch \d+ are kept/) as string,
    });
    const steps = (await metricsOf(job)).filter((metric) => metric.type === 'step');
    expect(steps.length).toBeLessThan(150);
    expect(steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  });

  it('lets a head work itself out of a huge loss at a rate that is high and works', async () => {
    const job = await onLite0(await tinyJob({ learningRate: 10, epochs: 30 }));
    const said = await runJob(job);
    expect(said.at(-1)).toMatchObject({ type: 'trained', wasCancelled: false });
    const metrics = await metricsOf(job);
    const losses = metrics.flatMap((metric) => (metric.type === 'step' ? [metric.loss] : []));
    expect(Math.max(...losses)).toBeGreaterThan(100 * Math.log(3));
    expect(metrics.at(-1)).toMatchObject({ type: 'epoch', training: { accuracy: 1 } });
  });

  it('names an image that cannot be read', async () => {
    const job = await tinyJob();
    await rm(job.images[3]?.path ?? '');
    await expect(runJob(job)).rejects.toMatchObject({ code: 'not-found', detail: { file: 'training-3.png' } });
  });
});

describe('a device that fails in the middle', () => {
  it('ends the training with the best weights kept, and it goes on to the bits of an unbroken one', async () => {
    const job = await tinyJob({}, 'fine-tuning');
    await runJob(job);
    const broken = await anotherRun(job, 'broken');
    const { backend } = await openTensorFlow();
    const fails = vi.spyOn(backend, 'executeSingleOutput');
    const failOn = atStep(17, cancel);
    const failure = runJob(broken, (message) => {
      // Status 13 is TF_INTERNAL, with which TensorFlow reports a lost GPU.
      const lost = new Error('Invalid TF_Status: 13\nMessage: Failed to copy memory: CUDA_ERROR_ILLEGAL_ADDRESS');
      if (failOn(message))
        fails.mockImplementation(() => {
          throw lost;
        });
      return undefined;
    });
    await expect(failure.finally(() => fails.mockRestore())).rejects.toThrow('CUDA_ERROR_ILLEGAL_ADDRESS');
    expect(existsSync(path.join(broken.runFolder, 'weights.bin'))).toBe(true);
    await runJob(broken);
    expect(await curvesOf(broken)).toEqual(await curvesOf(job));
    expect((await weightsOf(broken)).equals(await weightsOf(job))).toBe(true);
  });
});

describe('a fine-tuning without validation images', () => {
  it('keeps fine-tuned weights, although training losses of the two phases do not compare', async () => {
    const all = await tinyJob({ learningRate: 1e-7, headFirst: { epochs: 40, learningRate: 0.05 } }, 'fine-tuning');
    const job = { ...all, images: all.images.filter(({ split }) => split !== 'validation') };
    const said = await runJob(job);
    const last = said.at(-1);
    expect(last?.type === 'trained' && last.bestEpoch).toBeGreaterThan(40);
    expect(await linesOf(job, 'predictions.jsonl')).toHaveLength(6);
  });
});

describe('features of the frozen backbone', () => {
  it('are computed once: with the same seed a second run reads no picture of the cached splits', async () => {
    const job = await tinyJob();
    await runJob(job);
    for (const { path: file } of job.images) await rm(file);
    const again = await anotherRun(job, 'again');
    await runJob(again);
    expect(await curvesOf(again)).toEqual(await curvesOf(job));
  });
});

describe('a machine without TensorFlow', () => {
  it('trains a head all the same, to the same bits, and says with what', async () => {
    const job = await tinyJob();
    const said = await runJob(job);
    const without = { ...(await anotherRun(job, 'without')), runtime: null };
    const saidWithout = await runJob(without);
    expect(saidWithout.at(-1)).toEqual(said.at(-1));
    expect(saidWithout.at(-1)).toMatchObject({
      versions: { training: 'ONNX Runtime 1.30.0 (cpu)', features: 'ONNX Runtime 1.30.0 (cpu)' },
    });
    expect(await weightsOf(without)).toEqual(await weightsOf(job));
  });

  it('does not fine-tune, and says what is missing', async () => {
    const job = { ...(await tinyJob({}, 'fine-tuning')), runtime: null };
    await expect(runJob(job)).rejects.toMatchObject({ code: 'runtime-missing' });
  });
});

describe('memory', () => {
  it.each([
    ['feature-extraction', {}],
    ['fine-tuning', { batchNorm: 'frozen' }],
    ['fine-tuning', { batchNorm: 'trained' }],
    ['fine-tuning', { batchNorm: 'trained', emaDecay: 0.99, clipNorm: 0.5, mixing: { kind: 'cutmix', alpha: 1 } }],
    ['feature-extraction', { emaDecay: 0.99, clipNorm: 0.5, dropout: 0.3, mixing: { kind: 'mixup', alpha: 1 } }],
  ] as const)('of %s with %o holds as many tensors after each step as after the one before', async (mode, change) => {
    const { tf } = await openTensorFlow();
    const job = await tinyJob(change, mode);
    const counts: Record<string, number[]> = { head: [], all: [] };
    const stepsPerEpoch = 5;
    let phase = 'features';
    const { link } = recordingLink((message) => {
      if (message.type === 'progress') phase = message.progress.phase;
      if (message.type === 'status' && message.status === 'evaluating') phase = 'evaluation';
      return undefined;
    });
    // The loop breathes before each step.
    await train(job, {
      ...link,
      breathe() {
        counts[phase]?.push(tf.memory().numTensors);
        return link.breathe();
      },
    });
    expect(counts['head']?.length).toBeGreaterThan(stepsPerEpoch);
    if (mode === 'fine-tuning') expect(counts['all']?.length).toBeGreaterThan(2 * stepsPerEpoch);
    for (const ofPhase of Object.values(counts)) {
      // The first step makes the optimizer's slots, and the first validation what inference derives from frozen weights.
      const steady = [ofPhase.slice(1, stepsPerEpoch), ofPhase.slice(stepsPerEpoch + 1)];
      expect(steady.map((values) => new Set(values).size <= 1)).toEqual([true, true]);
    }
  });

  it('keeps the number of tensors flat over runs', async () => {
    const { tf } = await openTensorFlow();
    const job = await tinyJob({}, 'fine-tuning');
    const before = tf.memory().numTensors;
    await runJob(job);
    expect(tf.memory().numTensors).toBe(before);
  });
});
