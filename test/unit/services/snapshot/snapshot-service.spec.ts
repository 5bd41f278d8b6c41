import { closeSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createInProcessClient } from '../../../../src-main/core/in-process-client.ts';
import type { ClassId, ProjectId, SnapshotId } from '../../../../src-shared/domain/ids.ts';
import type { Snapshot } from '../../../../src-shared/domain/snapshot.ts';
import { composeIn } from '../../../contract/compose-for-test.ts';
import { readProjectRows } from '../../../support/project-rows.ts';
import { writeFiles } from '../../../support/picture-files.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A core with a project of six labelled images; ends with the test. */
async function openShelf(home: string, id: ProjectId | null = null) {
  const { core, errors } = await composeIn(home);
  const client = createInProcessClient(core);
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (!isClosed) await core.close();
    isClosed = true;
  };
  onTestFinished(close);
  const damageFound: ProjectId[] = [];
  client.on('snapshot.damageFound', ({ projectId }) => damageFound.push(projectId));
  const project =
    id === null
      ? await client.call('project.create', { name: 'Shelf', parent: null })
      : await client.call('project.open', { projectId: id });
  const list = async (): Promise<readonly Snapshot[]> =>
    (await client.call('snapshot.list', { projectId: project.id })).snapshots;
  const label = async (image: number, classId: ClassId | null): Promise<void> => {
    const imageId = readProjectRows(project.path).images[image]!.id;
    await client.call('dataset.setLabel', { projectId: project.id, imageIds: [imageId], classId });
  };
  const restore = (snapshotId: SnapshotId): Promise<{ readonly kept: SnapshotId | null }> =>
    client.call('snapshot.restore', { projectId: project.id, snapshotId });
  const rows = () => ({ ...readProjectRows(project.path), revision: 0 });
  return { core, client, errors, project, close, list, label, restore, rows, damageFound };
}

async function importSix(shelf: Awaited<ReturnType<typeof openShelf>>, home: string): Promise<void> {
  const source = path.join(home, 'source');
  await writeFiles(source, Object.fromEntries([0, 1, 2, 3, 4, 5].map((n) => [`class ${n % 2}/${n}.png`, n])));
  const { token } = await shelf.core.host.grantFolder(source);
  const ended = new Promise<void>((resolve) => {
    shelf.client.on('import.changed', ({ job }) => job.status === 'completed' && resolve());
  });
  await shelf.client.call('import.start', { projectId: shelf.project.id, sources: [token], ratios: null });
  await ended;
}

/** Overwrites the first page of a table, as a failing disk does. */
function damage(root: string, table: string): void {
  const name = path.join(root, 'project.sqlite');
  const database = new SqliteDatabase(name);
  const page = database
    .prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?')
    .pluck()
    .get(table)!;
  database.close();
  const file = openSync(name, 'r+');
  writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096);
  closeSync(file);
}

it('puts images, labels and pipelines back as they were, and that can be undone the same way', async () => {
  const home = temporaryFolder();
  const shelf = await openShelf(home);
  await importSix(shelf, home);
  const { client, project } = shelf;
  const before = shelf.rows();
  const taken = await client.call('snapshot.take', { projectId: project.id });
  expect(taken).toMatchObject({ reason: 'asked', images: 6, labelled: 6, classes: 2, pipelines: 1 });

  const { classId } = await client.call('dataset.addClass', { projectId: project.id, name: 'new' });
  await shelf.label(0, classId);
  await shelf.label(1, null);
  const from = { type: 'preset', preset: 'strong' } as const;
  await client.call('pipeline.create', { projectId: project.id, name: 'Strong', from });
  const later = shelf.rows();
  const [since] = await shelf.list();
  expect(since).toMatchObject({ id: taken.id, since: { imagesAdded: 0, imagesGone: 0, labelsChanged: 2 } });

  const revisions: number[] = [];
  client.on('dataset.changed', ({ revision }) => revisions.push(revision));
  const { revision } = readProjectRows(project.path);
  const { kept } = await shelf.restore(taken.id);
  expect(shelf.rows()).toEqual(before);
  expect(readdirSync(path.join(project.path, 'pipelines'))).toEqual(['classic.json']);
  expect((await client.call('pipeline.list', { projectId: project.id })).pipelines).toHaveLength(1);
  // A page that showed the later state must not take the earlier one for it.
  expect(revisions.at(-1)).toBeGreaterThan(revision);
  await shelf.label(2, null);
  expect(shelf.rows().images[2]?.classId).toBeNull();

  await shelf.restore(kept!);
  expect(shelf.rows()).toEqual(later);
  expect(readdirSync(path.join(project.path, 'pipelines'))).toEqual(['classic.json', 'strong.json']);
  expect((await shelf.list()).map(({ reason }) => reason)).toEqual(['restoring', 'restoring', 'asked']);
  expect(readdirSync(project.path).filter((name) => name.startsWith('.tmp-'))).toEqual([]);
  expect(shelf.errors).toEqual([]);
});

it('keeps a state on opening when it is another than the last one kept', async () => {
  const home = temporaryFolder();
  const first = await openShelf(home);
  await importSix(first, home);
  await first.close();
  const second = await openShelf(home, first.project.id);
  await vi.waitFor(async () => expect((await second.list()).map(({ reason }) => reason)).toEqual(['opened']), 10_000);
  await second.close();
  const third = await openShelf(home, first.project.id);
  await third.label(0, null);
  expect(await third.list()).toHaveLength(1);
  await third.close();
  const fourth = await openShelf(home, first.project.id);
  await vi.waitFor(async () => expect(await fourth.list()).toHaveLength(2), 10_000);
});

it.each(['all', 'dataset'])(
  'says of which project the database is damaged (%s), and puts the last whole state back',
  async (what) => {
    const home = temporaryFolder();
    const first = await openShelf(home);
    await importSix(first, home);
    const { id, path: root } = first.project;
    const taken = await first.client.call('snapshot.take', { projectId: id });
    const before = first.rows();
    await first.close();
    if (what === 'all') writeFileSync(path.join(root, 'project.sqlite'), 'not a database '.repeat(1000));
    else damage(root, what);

    const { core } = await composeIn(home);
    onTestFinished(() => core.close());
    const client = createInProcessClient(core);
    await expect(client.call('project.open', { projectId: id })).rejects.toMatchObject({
      code: 'damaged-file',
      detail: { projectId: id },
    });
    const { snapshots } = await client.call('snapshot.list', { projectId: id });
    expect(snapshots).toMatchObject([{ id: taken.id, images: 6, since: what === 'all' ? null : { labelsChanged: 0 } }]);
    expect(await client.call('snapshot.restore', { projectId: id, snapshotId: taken.id })).toEqual({ kept: null });
    await client.call('project.open', { projectId: id });
    expect({ ...readProjectRows(root), revision: 0 }).toEqual(before);
    // What was damaged is kept: somebody may still get something out of it.
    const [aside = ''] = readdirSync(path.join(root, 'snapshots')).filter((name) => name.startsWith('damaged-'));
    expect(readdirSync(path.join(root, 'snapshots', aside))).toContain('project.sqlite');
  },
);

it('finds damage that does not hinder the opening, and puts a whole state in its place while the project is open', async () => {
  const home = temporaryFolder();
  const first = await openShelf(home);
  await importSix(first, home);
  const { id, path: root } = first.project;
  const taken = await first.client.call('snapshot.take', { projectId: id });
  const before = first.rows();
  await first.close();
  damage(root, 'edit_images');
  const second = await openShelf(home, id);
  await vi.waitFor(() => expect(second.damageFound).toEqual([id]), 10_000);
  const change = { projectId: id, imageIds: [before.images[0]!.id], classId: null };
  await expect(second.client.call('dataset.setLabel', change)).rejects.toMatchObject({ code: 'damaged-file' });
  await second.restore(taken.id);
  expect(second.rows()).toEqual(before);
  await second.label(0, null);
});

it('changes nothing when the snapshot itself is damaged', async () => {
  const home = temporaryFolder();
  const shelf = await openShelf(home);
  await importSix(shelf, home);
  const taken = await shelf.client.call('snapshot.take', { projectId: shelf.project.id });
  damage(path.join(shelf.project.path, 'snapshots', taken.id), 'images');
  await shelf.label(0, null);
  const before = shelf.rows();
  await expect(shelf.restore(taken.id)).rejects.toMatchObject({ code: 'damaged-file' });
  expect(shelf.rows()).toEqual(before);
  await shelf.label(1, null);
  await expect(shelf.restore('20200101-000000-abcd' as SnapshotId)).rejects.toMatchObject({ code: 'not-found' });
});
