import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { FeaturesStatus } from '../../../../src-shared/domain/features.ts';
import type { ImageId } from '../../../../src-shared/domain/ids.ts';
import type { FeaturesJob, ToTrainer } from '../../../../src-main/jobs/trainer-protocol.ts';
import { FeatureService } from '../../../../src-main/services/features/feature-service.ts';
import { encodeRecord } from '../../../../src-main/storage/feature-record.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { backbone, imageId, ScriptedTrainer } from '../run/run-support.ts';

const rowLength = 2;
const set = 'a'.repeat(64);

/** A project with images, and a trainer that writes features as the real one does. */
async function makeStudio(react: (message: ToTrainer, trainer: ScriptedTrainer) => void = computeAll) {
  const folder = temporaryFolder();
  const { projects, openProjects, emit, events } = studioServices(folder);
  const project = await projects.create('Chairs', null);
  const trainers: ScriptedTrainer[] = [];
  let isTraining = false;
  const makeService = (): FeatureService =>
    new FeatureService({
      openProjects,
      findBackbone: () => ({ record: backbone, folder: path.join(folder, 'backbone') }),
      runtime: { ensureFor: () => Promise.resolve(null) },
      processStarter: {
        startTrainer: () => {
          const trainer = new ScriptedTrainer(react);
          trainers.push(trainer);
          return trainer;
        },
      },
      isTraining: () => isTraining,
      emit,
      version: '1',
    });
  const service = makeService();
  onTestFinished(() => service.close());
  const addImages = (...indices: number[]): void => {
    project.database.dataset.addImages(
      indices.map((index) => ({
        ...{ id: imageId(index), fileName: `${index}.png`, source: `${index}.png`, format: 'png', width: 8, height: 8 },
        ...{ sizeBytes: 9, className: null, givenSplit: null },
      })),
      new Date().toISOString(),
    );
    service.datasetChanged(project.id);
  };
  const until = (wanted: Partial<FeaturesStatus>): Promise<void> =>
    vi.waitFor(async () => expect(await service.status(project.id)).toMatchObject(wanted), 5000);
  const setTraining = (is: boolean): void => {
    isTraining = is;
    if (!is) service.trainingEnded();
  };
  return { service, makeService, projectId: project.id, trainers, addImages, until, setTraining, events };
}

/** Writes the missing rows, one batch. */
function computeAll(message: ToTrainer, trainer: ScriptedTrainer): void {
  if (message.type !== 'start') return;
  const job = message.job as FeaturesJob;
  const folder = path.join(job.featureCacheFolder, set);
  mkdirSync(folder, { recursive: true });
  const rows = job.images.map(({ imageId: id }) => encodeRecord(id, Float32Array.of(Number(`0x${id}`), 1)));
  trainer.say({ type: 'features-opened', set, rowLength, missing: rows.length });
  writeFileSync(
    path.join(folder, `${trainer.received.length}-${String(Math.floor(performance.now() * 1000))}`),
    Buffer.concat(rows),
  );
  trainer.say({ type: 'features-added', count: rows.length, unread: [] }, { type: 'features-computed' });
  trainer.exit(0);
}

it('computes the features of all images, and of those that come in later alone', async () => {
  const { service, projectId, trainers, addImages, until } = await makeStudio();
  addImages(1, 2, 3);
  expect(await service.status(projectId)).toMatchObject({ state: 'idle', done: 0, total: 3 });
  service.start(projectId);
  await until({ state: 'complete', done: 3, total: 3, bytes: 3 * (36 + 8) });
  addImages(4);
  await until({ state: 'complete', done: 4 });
  expect(trainers.map((trainer) => imagesOf(trainer))).toEqual([[1, 2, 3].map(imageId), [imageId(4)]]);
  const { imageIds, values } = await service.read(projectId, [imageId(4), imageId(9), imageId(2)]);
  expect([imageIds, [...values]]).toEqual([
    [imageId(4), imageId(2)],
    [4, 1, 2, 1],
  ]);
});

it('tells how like an image all others are, and refuses one without features', async () => {
  const { service, projectId, addImages, until } = await makeStudio();
  addImages(0, 1, 3);
  service.start(projectId);
  await until({ state: 'complete' });
  const { images } = await service.similarTo(projectId, imageId(1));
  // Features are (number, 1): angles of 45° to (0, 1) and of 26.57° to (3, 1).
  const degrees = images.map((one) => [one.imageId, Math.round((Math.acos(one.similarity) * 18000) / Math.PI) / 100]);
  expect(new Map(degrees as [string, number][])).toEqual(
    new Map([
      [imageId(0), 45],
      [imageId(1), 0],
      [imageId(3), 26.57],
    ]),
  );
  await expect(service.similarTo(projectId, imageId(9))).rejects.toMatchObject({ code: 'not-found' });
});

it('finds them again after a restart without starting a trainer', async () => {
  const { service, makeService, projectId, addImages, until, trainers } = await makeStudio();
  addImages(1, 2);
  service.start(projectId);
  await until({ state: 'complete' });
  const later = makeService();
  expect(await later.status(projectId)).toMatchObject({ state: 'complete', done: 2 });
  expect((await later.read(projectId, [imageId(1)])).imageIds).toEqual([imageId(1)]);
  await later.close();
  expect(trainers).toHaveLength(1);
});

it('waits while a training is at work, and goes on after it', async () => {
  const { service, projectId, addImages, until, setTraining, trainers } = await makeStudio();
  addImages(1);
  setTraining(true);
  service.start(projectId);
  await until({ state: 'waiting' });
  expect(trainers).toHaveLength(0);
  setTraining(false);
  await until({ state: 'complete' });
});

it('gives way at once, also in the middle, and goes on with what is missing', async () => {
  let isPatient = true;
  const { service, projectId, addImages, until, setTraining, trainers } = await makeStudio((message, trainer) => {
    if (message.type === 'cancel') trainer.exit(0);
    else if (!isPatient) computeAll(message, trainer);
  });
  addImages(1, 2);
  service.start(projectId);
  await vi.waitFor(() => expect(trainers).toHaveLength(1));
  setTraining(true);
  await service.giveWay();
  await until({ state: 'waiting' });
  isPatient = false;
  setTraining(false);
  await until({ state: 'complete', done: 2 });
});

it('stays paused until it is told to go on', async () => {
  const { service, projectId, addImages, until, trainers } = await makeStudio((message, trainer) => {
    if (message.type === 'cancel') trainer.exit(0);
  });
  addImages(1);
  service.start(projectId);
  await vi.waitFor(() => expect(trainers).toHaveLength(1));
  expect(service.pause(projectId)).toMatchObject({ state: 'paused' });
  addImages(2);
  await until({ state: 'paused' });
  expect(trainers).toHaveLength(1);
  service.start(projectId);
  await vi.waitFor(() => expect(trainers).toHaveLength(2));
});

it('says why it failed, and counts images that cannot be read', async () => {
  const { service, projectId, addImages, until } = await makeStudio((message, trainer) => {
    if (message.type !== 'start') return;
    trainer.say({ type: 'failed', error: { code: 'disk-full', message: 'The disk is full.', retry: true } });
    trainer.exit(1);
  });
  addImages(1);
  service.start(projectId);
  await until({ state: 'failed', reason: 'The disk is full.' });
});

it('is complete when all that is missing cannot be read', async () => {
  const { service, projectId, addImages, until, events } = await makeStudio((message, trainer) => {
    if (message.type !== 'start') return;
    trainer.say({ type: 'features-opened', set, rowLength, missing: 1 });
    trainer.say({ type: 'features-added', count: 0, unread: [{ imageId: imageId(1), reason: 'It is damaged.' }] });
    trainer.say({ type: 'features-computed' });
    trainer.exit(0);
  });
  addImages(1);
  service.start(projectId);
  await until({ state: 'complete', done: 0, total: 0, unread: 1 });
  expect(events.some(({ name }) => name === 'features.changed')).toBe(true);
});

function imagesOf(trainer: ScriptedTrainer): readonly ImageId[] {
  const [start] = trainer.received;
  return start?.type === 'start' ? (start.job as FeaturesJob).images.map((image) => image.imageId) : [];
}
