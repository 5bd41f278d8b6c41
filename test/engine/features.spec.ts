import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FeaturesJob, FromTrainer, TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import { FeatureReader } from '../../src-main/storage/feature-reader.ts';
import { computeFeatures } from '../../src-main/trainer/features/features-job.ts';
import { train } from '../../src-main/trainer/train/train-job.ts';
import { recordingLink } from '../support/recording-link.ts';
import { makeTinyJob } from '../support/tiny-training.ts';

let training: TrainJob;
beforeAll(async () => {
  training = await makeTinyJob();
});
afterAll(() => rmSync(path.dirname(training.runFolder), { recursive: true, force: true }));

function jobOf(images: FeaturesJob['images'], features: string): FeaturesJob {
  const { backboneFolder, backbone, runtime, pipeline, runFolder } = training;
  return {
    kind: 'features',
    ...{ backboneFolder, backbone, runtime, images },
    steps: pipeline.evaluation,
    featureCacheFolder: path.join(path.dirname(runFolder), features),
  };
}

async function run(job: FeaturesJob): Promise<readonly FromTrainer[]> {
  const { link, said } = recordingLink();
  await computeFeatures(job, link);
  return said;
}

it('computes what is missing only, and leaves out what cannot be read', async () => {
  const broken = path.join(path.dirname(training.runFolder), 'broken.png');
  writeFileSync(broken, 'no picture');
  const images = [...training.images.slice(0, 5), { imageId: 'f'.repeat(64) as never, path: broken }];
  const job = jobOf(images, 'features-alone');
  const first = await run(job);
  expect(first.map(({ type }) => type)).toEqual(['features-opened', 'features-added', 'features-computed']);
  expect(first[0]).toMatchObject({ rowLength: 6, missing: 6 });
  expect(first[1]).toMatchObject({ count: 5, unread: [{ imageId: 'f'.repeat(64) }] });

  const again = await run({ ...job, images: training.images.slice(0, 8) });
  expect(again[0]).toMatchObject({ missing: 3 });
  const [set = ''] = readdirSync(job.featureCacheFolder);
  const reader = new FeatureReader(path.join(job.featureCacheFolder, set), 6);
  await reader.refresh();
  expect(reader.count).toBe(8);
  const { values } = await reader.read(training.images.slice(0, 8).map(({ imageId }) => imageId));
  expect(new Set(values).size).toBeGreaterThan(8);
  await reader.close();
});

it('keeps what is computed when it is told to stop', async () => {
  const job = jobOf(Array.from({ length: 3 }, () => training.images).flat(), 'features-stopped');
  const recorded = recordingLink((message) =>
    message.type === 'features-added' ? { type: 'message', message: { type: 'cancel' } } : undefined,
  );
  await computeFeatures(job, recorded.link);
  expect(recorded.said.map(({ type }) => type)).toEqual(['features-opened', 'features-added']);
});

it('leaves what a training without augmentation needs, which then computes nothing', async () => {
  const { pipeline } = training;
  const features = jobOf(training.images, 'features-shared');
  await run(features);
  const { featureCacheFolder } = features;
  const before = readdirSync(featureCacheFolder);
  await train(
    { ...training, featureCacheFolder, pipeline: { ...pipeline, training: pipeline.evaluation } },
    recordingLink().link,
  );
  const sets = readdirSync(featureCacheFolder).filter((name) => !name.startsWith('pixels-'));
  expect(sets).toEqual(before);
  expect(readdirSync(path.join(featureCacheFolder, sets[0] ?? ''))).toHaveLength(1);
});
