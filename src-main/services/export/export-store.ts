import { createWriteStream } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { ZipFile } from 'yazl';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { exportRecordSchema, type ExportedFile, type ExportRecord } from '../../../src-shared/domain/export.ts';
import { exportIdSchema, type ExportId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { syncFolder } from '../../storage/durable-write.ts';
import { systemCode } from '../../storage/file-error.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';

const unfinishedPrefix = '.tmp-';

/** Where an export is built until it is proven; nothing there counts. */
export function unfinishedFolder(paths: ProjectPaths, id: ExportId): string {
  return path.join(paths.exports, `${unfinishedPrefix}${id}`);
}

/** All finished exports of a project, latest first. */
export async function listExportRecords(paths: ProjectPaths): Promise<readonly ExportRecord[]> {
  const names = await readdir(paths.exports).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const ids = names.map((name) => v.safeParse(exportIdSchema, name)).filter((parsed) => parsed.success);
  const records = await Promise.all(ids.map(({ output }) => readRecord(paths, output)));
  return records.filter((record) => record !== null).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

/** The record of a finished export; AppError not-found. */
export async function findExport(paths: ProjectPaths, id: ExportId): Promise<ExportRecord> {
  const record = await readRecord(paths, id);
  if (record) return record;
  throw new AppError('not-found', say('exportGone'));
}

async function readRecord(paths: ProjectPaths, id: ExportId): Promise<ExportRecord | null> {
  const text = await readFile(paths.export(id).record, 'utf8').catch(() => null);
  const parsed = text === null ? null : v.safeParse(exportRecordSchema, parseJson(text));
  return parsed?.success && parsed.output.id === id ? parsed.output : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Removes what killed exports left; only the project's writer may, and only while it exports nothing itself. */
export async function removeUnfinished(paths: ProjectPaths): Promise<void> {
  const names = await readdir(paths.exports);
  const leftovers = names.filter((name) => name.startsWith(unfinishedPrefix));
  await Promise.all(leftovers.map((name) => rm(path.join(paths.exports, name), { recursive: true, force: true })));
}

/** The files below a folder, sorted, their paths with forward slashes. */
export async function listFiles(folder: string): Promise<readonly ExportedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const sized = await Promise.all(
    files.map(async (file) => ({
      path: path.relative(folder, file).replaceAll(path.sep, '/'),
      sizeBytes: (await stat(file)).size,
    })),
  );
  return sized.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Zips files of a folder under the name of the folder; the same files give the same bytes. Returns the zip's size. */
export async function zipFolder(folder: string, files: readonly ExportedFile[], zipPath: string): Promise<number> {
  const zip = new ZipFile();
  // The day of the export is in its certificate; a fixed one here keeps equal exports equal.
  const options = { mtime: new Date(2020, 0, 1), mode: 0o100644 };
  for (const file of files) zip.addFile(path.join(folder, file.path), `${path.basename(folder)}/${file.path}`, options);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(zipPath));
  return (await stat(zipPath)).size;
}

/** Brings a folder built under its unfinished name to its own, so that after a power cut it is whole or absent. */
export async function finishFolder(paths: ProjectPaths, id: ExportId): Promise<void> {
  const unfinished = unfinishedFolder(paths, id);
  await syncTree(unfinished);
  await rename(unfinished, path.join(paths.exports, id));
  await syncFolder(paths.exports);
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const entryPath = path.join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(entryPath);
    else await syncFile(entryPath);
  }
  await syncFolder(folder);
}

async function syncFile(file: string): Promise<void> {
  // Windows flushes only what is open for writing.
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
