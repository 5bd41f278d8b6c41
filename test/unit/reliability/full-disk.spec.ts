import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ImportJob } from '../../../src-shared/contract/import.contract.ts';
import { textOf } from '../../../src-shared/domain/sentence.ts';
import { composeIn } from '../../contract/compose-for-test.ts';
import { createInProcessClient } from '../../../src-main/core/in-process-client.ts';
import { writeFiles } from '../../support/picture-files.ts';
import { readProjectRows } from '../../support/project-rows.ts';
import { note } from '../../support/soak.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A disk of one mebibyte, where this process may mount one; null elsewhere. */
function smallDisk(): string | null {
  const place = path.join(temporaryFolder(), 'disk');
  mkdirSync(place);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'graft-test', place], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', place]));
  return place;
}

/** Takes all the space that is left, to the last byte. */
function fill(disk: string): void {
  for (const bytes of [65_536, 4096, 512, 16, 1]) {
    for (let number = 0; ; number += 1) {
      try {
        writeFileSync(path.join(disk, `filler-${bytes}-${number}`), new Uint8Array(bytes), { flag: 'wx' });
      } catch {
        break;
      }
    }
  }
}

function makeRoom(disk: string): void {
  for (const name of readdirSync(disk)) if (name.startsWith('filler')) rmSync(path.join(disk, name));
}

it('on a full disk every way to save says so, keeps what was there, and works again when there is room', async (test) => {
  const disk = smallDisk();
  if (disk === null) test.skip('mounting a small disk is not allowed here');
  else await fillAndSave(disk);
});

async function fillAndSave(disk: string): Promise<void> {
  const outside = temporaryFolder();
  const { core, errors } = await composeIn(disk);
  onTestFinished(() => core.close());
  const client = createInProcessClient(core);
  const { id: projectId, path: root } = await client.call('project.create', { name: 'Full', parent: null });
  const source = path.join(outside, 'source');
  await writeFiles(source, Object.fromEntries([0, 1, 2, 3, 4, 5].map((n) => [`class ${n % 2}/${n}.png`, n])));
  const importSource = async (): Promise<ImportJob> => {
    const { token } = await core.host.grantFolder(source);
    const ended = new Promise<ImportJob>((resolve) => {
      const stop = client.on('import.changed', ({ job }) => {
        if (job.status === 'running') return;
        stop();
        resolve(job);
      });
    });
    await client.call('import.start', { projectId, sources: [token], ratios: null });
    return ended;
  };
  expect(await importSource()).toMatchObject({ status: 'completed', imported: 6 });
  const { pipelines } = await client.call('pipeline.list', { projectId });
  const pipeline = pipelines[0]!;
  const imageIds = readProjectRows(root).images.map(({ id }) => id);
  const otherClass = readProjectRows(root).classes[1]!.id;
  await client.call('settings.set', { language: 'en', theme: 'dark' });

  const files = ['project.json', 'pipelines/classic.json'].map((name) => path.join(root, name));
  const contents = (): readonly string[] => files.map((file) => readFileSync(file, 'utf8'));
  const before = { rows: readProjectRows(root), files: contents() };
  await writeFiles(source, { 'class 0/late.png': 77 });
  fill(disk);

  // SQLite has room in its log for a while; every label until it says no is one that was acknowledged.
  let acknowledged = before.rows.revision;
  let refusal: unknown = null;
  for (let step = 0; refusal === null && step < 5000; step += 1) {
    const classId = step % 2 === 0 ? otherClass : null;
    const [imageId] = [imageIds[step % imageIds.length]!];
    await client.call('dataset.setLabel', { projectId, imageIds: [imageId], classId }).then(
      ({ revision }) => (acknowledged = revision),
      (error: unknown) => (refusal = error),
    );
  }
  expect(refusal).toMatchObject({ code: 'disk-full', retry: true });
  const calls = {
    'settings.set': () => client.call('settings.set', { language: 'en', theme: 'light' }),
    'project.rename': () => client.call('project.rename', { projectId, name: 'Other' }),
    'project.create': () => client.call('project.create', { name: 'Second', parent: null }),
    'pipeline.save': () => client.call('pipeline.save', { projectId, pipeline: { ...pipeline, name: 'Other' } }),
    'snapshot.take': () => client.call('snapshot.take', { projectId }),
    'dataset.setLabel': () => client.call('dataset.setLabel', { projectId, imageIds, classId: null }),
    'dataset.addClass': () => client.call('dataset.addClass', { projectId, name: 'third' }),
  };
  for (const [name, call] of Object.entries(calls)) {
    const code = await call().then(
      () => 'done',
      (error: unknown) => (error as { code: string }).code,
    );
    expect([name, code]).toEqual([name, 'disk-full']);
  }
  const reason = await importSource().then(
    (job) => textOf(job.reason ?? ''),
    (error: unknown) => String(error),
  );
  expect(reason).toContain('the disk is full');
  const during = readProjectRows(root);
  expect([during.revision, during.damage, during.images.length]).toEqual([acknowledged, [], 6]);
  expect(contents()).toEqual(before.files);
  expect((await client.call('settings.get', {})).theme).toBe('dark');

  makeRoom(disk);
  for (const call of Object.values(calls)) await call();
  expect(await importSource()).toMatchObject({ status: 'completed', imported: 1 });
  const after = readProjectRows(root);
  expect(after.damage).toEqual([]);
  expect(after.images).toHaveLength(7);
  expect(after.images.filter(({ classId }) => classId !== null)).toHaveLength(1);
  expect(errors).toEqual([]);
  note(
    `full disk: ${acknowledged - before.rows.revision} labels taken until it was full, all there; 8 ways to save told and worked again`,
  );
}
