import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { snapshotIdSchema, type SnapshotId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { SnapshotReason } from '../../../src-shared/domain/snapshot.ts';
import { removeLeftovers, syncFolder, writeFileDurably, writeFileSafely, writeJsonDurably } from '../durable-write.ts';
import { fileError, systemCode } from '../file-error.ts';
import type { ProjectPaths } from '../project-paths.ts';
import { chooseExcess } from './choose-excess.ts';
import { hashSmallFiles, listSnapshotRecords, readSmallFiles, type SnapshotRecord } from './snapshot-record.ts';
import { inSnapshotThread } from './snapshot-thread.ts';

/**
 * Takes a snapshot of the database, project.json and the pipelines: whole and checked, or not there. Only then older ones are thinned.
 *
 * Throws AppError damaged-file when the database is damaged, disk-full or no-access.
 */
export async function takeSnapshot(paths: ProjectPaths, reason: SnapshotReason, now: Date): Promise<SnapshotRecord> {
  const id = newSnapshotId(now);
  const draft = path.join(paths.snapshots, `.tmp-${id}`);
  try {
    await mkdir(path.join(draft, 'pipelines'), { recursive: true });
    const database = path.join(draft, 'project.sqlite');
    const facts = await inSnapshotThread('copy', { from: paths.database, to: database });
    await syncFile(database);
    const files = await readSmallFiles(paths.root);
    for (const [name, bytes] of files) await writeFileSafely(path.join(draft, name), bytes);
    await syncFolder(path.join(draft, 'pipelines'));
    const record: SnapshotRecord = {
      ...{ schemaVersion: 1, id, at: now.toISOString(), reason, ...facts },
      pipelines: [...files.keys()].filter((name) => name !== 'project.json').length,
      filesHash: hashSmallFiles(files),
      sizeBytes: (await stat(database)).size,
    };
    await writeJsonDurably(path.join(draft, 'snapshot.json'), record);
    await rename(draft, path.join(paths.snapshots, id));
    await syncFolder(paths.snapshots);
    await thin(paths, now);
    return record;
  } catch (error) {
    // A leftover costs space and nothing else, so the first error is the one to tell.
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw fileError(error, say('doingTakeSnapshot'), paths.snapshots);
  }
}

/** Removes what a crash left of snapshots; only for the project's one writer, before it takes any. */
export async function removeSnapshotLeftovers({ snapshots }: ProjectPaths): Promise<void> {
  await removeLeftovers(snapshots).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw fileError(error, say('doingTakeSnapshot'), snapshots);
  });
}

/** Throws AppError not-found. */
export async function findSnapshot(paths: ProjectPaths, id: SnapshotId): Promise<SnapshotRecord> {
  const record = (await listSnapshotRecords(paths)).find((one) => one.id === id);
  if (record) return record;
  throw new AppError('not-found', say('snapshotGone'));
}

/** The snapshot's database in a file of its own beside the project's, checked and of the present version. The caller removes it. */
export async function prepareRestore(paths: ProjectPaths, id: SnapshotId, revision: number): Promise<string> {
  const file = path.join(paths.root, `.tmp-restore-${randomBytes(6).toString('hex')}.sqlite`);
  try {
    await copyFile(path.join(paths.snapshots, id, 'project.sqlite'), file);
    await inSnapshotThread('prepare', { file, revision });
    await syncFile(file);
    return file;
  } catch (error) {
    await rm(file, { force: true }).catch(() => undefined);
    throw fileError(error, say('doingRestore'), paths.root);
  }
}

/** Puts a prepared database in the place of one that is sound and may be in use; nobody else may write it meanwhile. */
export async function replaceDatabase(paths: ProjectPaths, prepared: string): Promise<void> {
  await inSnapshotThread('replace', { from: prepared, into: paths.database });
}

/** Puts a prepared database in the place of one that is damaged or gone, which is kept in `snapshots/damaged-…`. */
export async function replaceDamaged(paths: ProjectPaths, prepared: string, now: Date): Promise<void> {
  const aside = path.join(paths.snapshots, `damaged-${newSnapshotId(now)}`);
  try {
    await mkdir(aside, { recursive: true });
    // The log first: it belongs to the damaged file and must never be read with the sound one.
    for (const ending of ['-wal', '-shm', '']) {
      await rename(`${paths.database}${ending}`, path.join(aside, `project.sqlite${ending}`)).catch(
        (error: unknown) => {
          if (systemCode(error) !== 'ENOENT') throw error;
        },
      );
    }
    await syncFolder(paths.root);
    await rename(prepared, paths.database);
    await syncFolder(paths.root);
  } catch (error) {
    throw fileError(error, say('doingRestore'), paths.root);
  }
}

/** Puts the snapshot's pipelines in the place of the present ones, and project.json where that cannot be read; answers the names touched. */
export async function restoreSmallFiles(
  paths: ProjectPaths,
  id: SnapshotId,
  isProjectFileLost: boolean,
): Promise<readonly string[]> {
  const [then, now] = await Promise.all([readSmallFiles(path.join(paths.snapshots, id)), readSmallFiles(paths.root)]);
  const touched: string[] = [];
  for (const [name, bytes] of then) {
    if (name === 'project.json' && !isProjectFileLost) continue;
    if (Buffer.compare(bytes, now.get(name) ?? new Uint8Array()) === 0) continue;
    await writeFileDurably(path.join(paths.root, name), bytes);
    touched.push(name);
  }
  for (const name of now.keys()) {
    if (then.has(name) || name === 'project.json') continue;
    await rm(path.join(paths.root, name), { force: true });
    touched.push(name);
  }
  return touched;
}

async function thin(paths: ProjectPaths, now: Date): Promise<void> {
  for (const id of chooseExcess(await listSnapshotRecords(paths), now)) {
    await rm(path.join(paths.snapshots, id), { recursive: true, force: true });
  }
}

function newSnapshotId(now: Date): SnapshotId {
  const time = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return v.parse(snapshotIdSchema, `${time}-${randomBytes(2).toString('hex')}`);
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
