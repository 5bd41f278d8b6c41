import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { MapStatus } from '../../../src-shared/domain/image-map.ts';
import { MapService } from '../../../src-main/services/map/map-service.ts';
import type { MapJob, ToTrainer } from '../../../src-main/jobs/trainer-protocol.ts';
import { encodeRecord } from '../../../src-main/storage/feature-record.ts';
import { studioServices } from '../../support/studio-services.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { imageId, ScriptedTrainer } from './run/run-support.ts';

async function makeStudio(react: (message: ToTrainer, trainer: ScriptedTrainer) => void, hasFeatures = true) {
  const { projects, openProjects, emit } = studioServices(temporaryFolder());
  const { id: projectId } = await projects.create('Chairs', null);
  const told: MapStatus[] = [];
  const maps = new MapService({
    openProjects,
    features: {
      place: () => Promise.resolve(hasFeatures ? { set: 'a'.repeat(64), rowLength: 2, folder: 'features' } : null),
      status: () =>
        Promise.resolve({
          ...{ projectId, backbone: 'efficientnet-lite0', state: 'complete', done: 20, total: 20, unread: 0, bytes: 1 },
          ...{ imagesPerSecond: null, secondsLeft: null, reason: null },
        }),
    },
    processStarter: { startTrainer: () => new ScriptedTrainer(react) },
    emit: (name, payload) => {
      emit(name, payload);
      if (name === 'map.changed') told.push((payload as { map: MapStatus }).map);
    },
  });
  onTestFinished(() => maps.close());
  return { maps, projectId, told, projects, openProjects };
}

/** Writes a map of three images as the real trainer does. */
function draw(message: ToTrainer, trainer: ScriptedTrainer): void {
  if (message.type !== 'start') return;
  const { mapFolder } = message.job as MapJob;
  mkdirSync(mapFolder, { recursive: true });
  const records = [1, 2, 3].map((number) => encodeRecord(imageId(number), Float32Array.of(number, -number)));
  writeFileSync(path.join(mapFolder, 'places'), Buffer.concat(records));
  trainer.say({ type: 'map-progress', stage: 'places', value: 0.5 }, { type: 'map-drawn', count: 3 });
  trainer.exit(0);
}

it('draws a map, tells how far it is, and sends the places', async () => {
  const { maps, projectId, told } = await makeStudio(draw);
  expect(await maps.of(projectId).status()).toMatchObject({ state: 'none', placed: 0, features: 20 });
  await maps.of(projectId).draw();
  await vi.waitFor(async () => expect(await maps.of(projectId).status()).toMatchObject({ state: 'ready', placed: 3 }));
  expect(told.at(-1)).toMatchObject({ state: 'ready', version: 2, value: null });
  expect((await maps.of(projectId).places()).places[1]).toEqual({ imageId: imageId(2), x: 2, y: -2 });
  expect(await text(Readable.from(await maps.places(projectId)))).toContain('"count":3');
});

it('says why it failed, and stops when it is told to', async () => {
  const failing = await makeStudio((message, trainer) => {
    if (message.type === 'start') trainer.exit(1);
  });
  await failing.maps.of(failing.projectId).draw();
  await vi.waitFor(async () =>
    expect(await failing.maps.of(failing.projectId).status()).toMatchObject({ state: 'failed', value: null }),
  );
  const slow = await makeStudio((message, trainer) => {
    if (message.type === 'cancel') trainer.exit(0);
  });
  expect(await slow.maps.of(slow.projectId).draw()).toMatchObject({ state: 'drawing', value: 0 });
  expect(await slow.maps.of(slow.projectId).cancel()).toMatchObject({ state: 'none', reason: null });
});

it('needs features', async () => {
  const { maps, projectId } = await makeStudio(draw, false);
  const { state, reason } = await maps.of(projectId).draw();
  expect([state, reason]).toMatchObject(['failed', { key: 'mapTooFew' }]);
});

it('is that of the project as it is open now', async () => {
  const { maps, projectId, projects, openProjects } = await makeStudio(draw);
  const before = maps.of(projectId);
  expect(maps.of(projectId)).toBe(before);
  openProjects.close(projectId);
  await projects.open(projectId);
  expect(maps.of(projectId)).not.toBe(before);
  await maps.of(projectId).draw();
  await vi.waitFor(async () => expect(await maps.of(projectId).status()).toMatchObject({ state: 'ready', placed: 3 }));
});
