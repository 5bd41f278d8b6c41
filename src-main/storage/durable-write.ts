import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stableJson } from '../../src-shared/lib/stable-json.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { fileError, systemCode } from './file-error.ts';
import { nodeFiles, type FilePort, type OpenFile } from './file-port.ts';

const temporaryPrefix = '.tmp-';

/** What a file will hold; bytes in parts stand one after another, so that nobody has to make one large piece of them. */
type FileContent = Uint8Array | string | readonly Uint8Array[];

/**
 * Replaces a file so that, whatever happens, it holds all of the old bytes or all of the new ones; after the promise
 * resolves the new ones survive a power cut. The folder must exist.
 *
 * Throws AppError 'disk-full', 'no-access' or 'not-found'.
 */
export async function writeFileDurably(path: string, content: FileContent, files: FilePort = nodeFiles): Promise<void> {
  await writeFileSafely(path, content, files);
  try {
    await syncFolder(dirname(path), files);
  } catch (error) {
    throw fileError(error, say('doingSave', { file: basename(path) }), path);
  }
}

/** JSON for people to read and to compare: two spaces, sorted keys, a newline at the end. */
export async function writeJsonDurably(path: string, value: unknown, files: FilePort = nodeFiles): Promise<void> {
  await writeFileDurably(path, `${stableJson(value, 2)}\n`, files);
}

/**
 * As writeFileDurably, but the name itself may be lost in a power cut until `syncFolder` was called: for many files in
 * few folders, which share one sync of each folder.
 */
export async function writeFileSafely(path: string, content: FileContent, files: FilePort = nodeFiles): Promise<void> {
  const parts = typeof content === 'string' ? [Buffer.from(content)] : 'byteLength' in content ? [content] : content;
  const temporary = join(
    dirname(path),
    `${temporaryPrefix}${basename(path).slice(0, 80)}-${randomBytes(6).toString('hex')}`,
  );
  try {
    await writeWhole(temporary, parts, files);
    await renameWithPatience(temporary, path, files);
  } catch (error) {
    // A leftover costs space and nothing else, so the first error is the one to tell.
    await files.remove(temporary).catch(() => undefined);
    throw fileError(error, say('doingSave', { file: basename(path) }), path);
  }
}

/** Removes what writes that were cut short left in this folder. Only for its one writer, while it writes nothing. */
export async function removeLeftovers(folder: string): Promise<void> {
  const leftovers = (await readdir(folder)).filter((name) => name.startsWith(temporaryPrefix));
  await Promise.all(leftovers.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** Makes the names in a folder survive a power cut. Windows has no such call and orders its journal itself. */
export async function syncFolder(folder: string, files: FilePort = nodeFiles): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await files.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeWhole(path: string, parts: readonly Uint8Array[], files: FilePort): Promise<void> {
  const handle = await files.open(path, 'wx');
  try {
    for (const part of parts) await writePart(handle, part);
    await handle.sync();
    const size = await handle.sizeBytes();
    const expected = parts.reduce((sum, part) => sum + part.byteLength, 0);
    if (size !== expected) throw Object.assign(new Error(`Wrote ${size} of ${expected} bytes`), { code: 'EIO' });
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
  await handle.close();
}

async function writePart(handle: OpenFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.byteLength) {
    const count = await handle.write(bytes.subarray(written));
    if (count <= 0) throw Object.assign(new Error('The system wrote nothing'), { code: 'ENOSPC' });
    written += count;
  }
}

/** Windows refuses to replace a file that a virus scanner or an indexer has open, usually for some milliseconds. */
async function renameWithPatience(from: string, to: string, files: FilePort): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await files.rename(from, to);
      return;
    } catch (error) {
      const isBusy = ['EBUSY', 'EPERM', 'EACCES'].includes(systemCode(error) ?? '');
      if (!isBusy || process.platform !== 'win32' || attempt === 8) throw error;
      await new Promise((resolve) => setTimeout(resolve, 15 * attempt));
    }
  }
}
