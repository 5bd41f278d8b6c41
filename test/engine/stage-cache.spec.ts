import { rmSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { createStep } from '../../src-shared/domain/pipeline/pipeline.ts';
import type { Recipe } from '../../src-shared/domain/recipe/recipe.ts';
import type { EpochMetric } from '../../src-shared/domain/run.ts';
import type { StageCache } from '../../src-shared/domain/stage-cache.ts';
import type { FromTrainer, TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import { featureLimitVariable } from '../../src-main/storage/feature-cache.ts';
import { atStep, curvesOf, metricsOf, runJob, weightsOf } from '../support/run-tiny.ts';
import { anotherRun, makeTinyJob, onLite0 } from '../support/tiny-training.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));
afterEach(() => vi.unstubAllEnvs());

const partial: Partial<Recipe> = { trainableFrom: 'classifier', epochs: 4 };

async function tinyJob(change: Partial<Recipe>): Promise<TrainJob> {
  const job = await makeTinyJob(change, 'fine-tuning');
  folders.push(path.dirname(job.runFolder));
  return job;
}

/** The same training on images that are the same in every epoch. */
function withoutRandomSteps(job: TrainJob): TrainJob {
  const { pipeline, backbone } = job;
  const resize = createStep('Resize', 'resize');
  const size = [backbone.inputSize, backbone.inputSize] as const;
  const steps = [
    { ...resize, parameters: { ...resize.parameters, size } },
    createStep('ToTensor', 'tensor'),
    createStep('Normalize', 'normalize'),
  ];
  return { ...job, pipeline: { ...pipeline, training: steps, evaluation: steps } };
}

function stageCacheOf(said: readonly FromTrainer[]): StageCache | null | undefined {
  return said.find((message) => message.type === 'stages-planned')?.stageCache;
}

const skippedFor = (key: string): object => ({ kind: 'skipped', reason: { key } });

async function epochsOf(job: TrainJob): Promise<readonly EpochMetric[]> {
  return (await metricsOf(job)).filter((metric) => metric.type === 'epoch');
}

/** Of each epoch the training loss and the validation loss. */
async function lossesOf(job: TrainJob): Promise<readonly number[]> {
  return (await epochsOf(job)).flatMap(({ training, validation }) => [training.loss, validation?.loss ?? NaN]);
}

/** Removes the pictures of these splits as soon as the training itself begins. */
function removePicturesInTraining({ images }: TrainJob, splits: readonly string[]) {
  return (message: FromTrainer): undefined => {
    if (message.type !== 'status' || message.status !== 'training') return;
    for (const { path: file, split } of images) if (splits.includes(split)) rmSync(file);
  };
}

describe('a partial fine-tuning of EfficientNet-Lite0', () => {
  // Two engines round differently; normalising by batches of four enlarges that.
  it.each([
    ['frozen', 'block7', 1e-5],
    ['trained', 'block6', 1e-4],
  ] as const)(
    'with batch norm %s from %s has the losses of one without a cache to within %d',
    async (batchNorm, trainableFrom, bound) => {
      const tiny = await tinyJob({ trainableFrom, batchNorm, epochs: 2, learningRate: 1e-3, emaDecay: 0.99 });
      const cached = withoutRandomSteps(await onLite0(tiny));
      expect(stageCacheOf(await runJob(cached))).toMatchObject({ kind: 'used' });
      vi.stubEnv(featureLimitVariable, '0');
      const uncached = await anotherRun(cached, 'uncached');
      expect(stageCacheOf(await runJob(uncached))).toMatchObject(skippedFor('stageCacheLimit'));
      const [losses, expected] = [await lossesOf(cached), await lossesOf(uncached)];
      expect(losses).toHaveLength(8);
      const differences = losses.map((loss, index) => Math.abs(loss - (expected[index] ?? NaN)));
      expect(Math.max(...differences)).toBeLessThan(bound);
    },
    120_000,
  );
});

describe('a partial fine-tuning', () => {
  it('reads each picture once, however many epochs follow', async () => {
    const job = withoutRandomSteps(await tinyJob(partial));
    await runJob(job, removePicturesInTraining(job, ['training', 'validation']));
    expect(await epochsOf(job)).toHaveLength(6);
  });

  it('reads them again in every epoch where augmentation is fresh, and as often as variants where those are cached', async () => {
    const fresh = await tinyJob(partial);
    const said: FromTrainer[] = [];
    const record = removePicturesInTraining(fresh, ['training']);
    await expect(
      runJob(fresh, (message) => {
        said.push(message);
        record(message);
        return undefined;
      }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(stageCacheOf(said)).toMatchObject(skippedFor('stageCacheFresh'));
    const cached = await tinyJob({ ...partial, cachesVariants: true });
    await runJob(cached, removePicturesInTraining(cached, ['training', 'validation']));
    expect(await epochsOf(cached)).toHaveLength(6);
    // Two variants of the training images, and the others as they are; small pictures of large ones lie beside them.
    const features = (await readdir(cached.featureCacheFolder)).filter((name) => !name.startsWith('pixels-'));
    expect(features).toHaveLength(3);
  });

  it('goes on from the cache that it began with, to the bits, when the limit was lowered meanwhile', async () => {
    const job = await tinyJob({ ...partial, cachesVariants: true });
    await runJob(job);
    const broken = await anotherRun(job, 'broken');
    await runJob(broken, atStep(18, { type: 'abandoned' }));
    vi.stubEnv(featureLimitVariable, '0');
    expect(stageCacheOf(await runJob(broken))).toMatchObject({ kind: 'used', layer: 'features' });
    expect(await curvesOf(broken)).toEqual(await curvesOf(job));
    expect((await weightsOf(broken)).equals(await weightsOf(job))).toBe(true);
  });
});
