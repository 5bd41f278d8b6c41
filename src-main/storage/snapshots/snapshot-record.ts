import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { snapshotIdSchema } from '../../../src-shared/domain/ids.ts';
import { snapshotReasonSchema } from '../../../src-shared/domain/snapshot.ts';
import { systemCode } from '../file-error.ts';
import type { ProjectPaths } from '../project-paths.ts';

export const snapshotRecordSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    id: snapshotIdSchema,
    /** When it was taken, ISO 8601. */
    at: v.string(),
    reason: snapshotReasonSchema,
    revision: v.number(),
    databaseVersion: v.number(),
    images: v.number(),
    labelled: v.number(),
    classes: v.number(),
    pipelines: v.number(),
    /** SHA-256 over project.json and the pipelines, to tell whether anything but the database changed. */
    filesHash: v.string(),
    sizeBytes: v.number(),
  }),
  v.readonly(),
);
/** snapshot.json: what a snapshot holds. */
export type SnapshotRecord = v.InferOutput<typeof snapshotRecordSchema>;

/** The small files of a project that go into a snapshot, by their path below it. */
export type SmallFiles = ReadonlyMap<string, Uint8Array>;

/** All whole snapshots of a project, latest first; what a crash left behind is passed over. */
export async function listSnapshotRecords({ snapshots }: ProjectPaths): Promise<readonly SnapshotRecord[]> {
  const names = (await namesIn(snapshots)).filter((name) => v.is(snapshotIdSchema, name));
  const records = await Promise.all(names.map((name) => readRecord(path.join(snapshots, name))));
  return records.filter((record) => record !== null).sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** project.json and the pipelines as they are; what is not there is left out. */
export async function readSmallFiles(root: string): Promise<SmallFiles> {
  const pipelines = (await namesIn(path.join(root, 'pipelines'))).filter((name) => /^[^.].*\.json$/.test(name));
  const names = ['project.json', ...pipelines.toSorted().map((name) => `pipelines/${name}`)];
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const bytes = await readFile(path.join(root, name)).catch(nullWhenMissing);
    if (bytes !== null) files.set(name, bytes);
  }
  return files;
}

export function hashSmallFiles(files: SmallFiles): string {
  const hash = createHash('sha256');
  for (const [name, bytes] of files) hash.update(`${name}\n${bytes.byteLength}\n`).update(bytes);
  return hash.digest('hex');
}

async function readRecord(folder: string): Promise<SnapshotRecord | null> {
  try {
    const parsed = v.safeParse(
      snapshotRecordSchema,
      JSON.parse(await readFile(path.join(folder, 'snapshot.json'), 'utf8')),
    );
    return parsed.success ? parsed.output : null;
  } catch {
    // It cannot be restored from, and the others can.
    return null;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(nullWhenMissing)) ?? [];
}

function nullWhenMissing(error: unknown): null {
  if (systemCode(error) === 'ENOENT') return null;
  throw error;
}
