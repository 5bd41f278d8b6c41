import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { UploadBatchId } from '../../../src-shared/contract/import.contract.ts';
import { uploadIdSchema, type JobId, type UploadId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { fileError } from '../../storage/file-error.ts';
import { isSameProcess } from '../../storage/process-identity.ts';
import { zipLimits } from './zip-archive.ts';

const largestFileBytes = 512e6;
/** An uploaded batch whose import never went on goes after this. */
const keptBatchMs = 30 * 24 * 3600 * 1000;

/**
 * Files that the page sent, kept until this process ends: single pictures, and batches on their way into a project. A
 * batch whose import has begun is kept until that import has ended, in whatever process.
 */
export class UploadStore {
  readonly #root: string;
  readonly #kept: string;

  /** `folder` is shared by all processes of this person; each has a folder of its own in it. */
  constructor(folder: string) {
    this.#root = join(folder, `${process.pid}-${randomBytes(6).toString('hex')}`);
    this.#kept = join(folder, 'imports');
    removeLeftovers(folder);
    removeForgotten(this.#kept);
  }

  /** Keeps one picture. Throws AppError 'bad-input' when it is too large. */
  async add(bytes: AsyncIterable<Uint8Array>): Promise<{ readonly uploadId: UploadId }> {
    const uploadId = v.parse(uploadIdSchema, randomBytes(18).toString('base64url'));
    await this.#write(this.#single(uploadId), bytes);
    return { uploadId };
  }

  /** The file of a picture. Throws AppError 'not-found'. */
  file(uploadId: UploadId): string {
    const path = this.#single(uploadId);
    if (existsSync(path)) return path;
    throw new AppError('not-found', say('uploadGone'));
  }

  /** Lets a picture go before this process ends. */
  async remove(uploadId: UploadId): Promise<void> {
    await rm(this.#single(uploadId), { force: true });
  }

  /** Keeps one file of a batch; `path` is its place below the dropped folder, with forward slashes. */
  async addToBatch(batch: UploadBatchId, path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#write(join(this.#batch(batch), ...safeSegments(path)), bytes);
  }

  /** Keeps a batch for an import, also beyond this process; answers its folder. Throws AppError 'not-found' when nothing was sent. */
  keepBatch(batch: UploadBatchId, jobId: JobId): string {
    const folder = this.batchFolder(batch);
    mkdirSync(this.#kept, { recursive: true });
    const kept = join(this.#kept, jobId);
    renameSync(folder, kept);
    return kept;
  }

  /** The folder of a batch that is not kept yet. Throws AppError 'not-found' when nothing was sent. */
  batchFolder(batch: UploadBatchId): string {
    const folder = this.#batch(batch);
    if (existsSync(folder)) return folder;
    throw new AppError('not-found', say('nothingArrived'));
  }

  /** A file of a batch by its place in it. Throws AppError 'bad-input' for a place outside, 'not-found' for no file. */
  inBatch(folder: string, path: string): string {
    const file = join(folder, ...safeSegments(path));
    if (existsSync(file)) return file;
    throw new AppError('not-found', say('uploadGone'));
  }

  /** Removes a folder that `keepBatch` answered; any other stays. */
  async removeKept(folder: string): Promise<void> {
    if (dirname(folder) === this.#kept) await rm(folder, { recursive: true, force: true });
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #single(uploadId: UploadId): string {
    return join(this.#root, 'single', uploadId);
  }

  #batch(batch: UploadBatchId): string {
    return join(this.#root, 'batch', batch);
  }

  async #write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeStream(path, bytes, path.toLowerCase().endsWith('.zip') ? zipLimits.bytes : largestFileBytes);
    } catch (error) {
      await rm(path, { force: true });
      throw fileError(error, say('doingKeepFile'), path);
    }
  }
}

async function writeStream(path: string, bytes: AsyncIterable<Uint8Array>, mostBytes: number): Promise<void> {
  const handle = await open(path, 'w');
  try {
    let total = 0;
    for await (const part of bytes) {
      total += part.byteLength;
      if (total > mostBytes) throw new AppError('bad-input', say('uploadTooLarge', { most: mostBytes / 1e6 }));
      await handle.writeFile(part);
    }
  } finally {
    await handle.close();
  }
}

/** The names on the way to a file. Throws AppError 'bad-input' for whatever could lead out of the batch's folder. */
function safeSegments(path: string): readonly string[] {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  // Control characters: no system's file manager can make them, and Windows refuses them.
  const isUnsafe = (segment: string): boolean =>
    segment === '..' || segment.includes('\\') || /[\u0000-\u001f]/.test(segment);
  const isTooLong = segments.some((segment) => Buffer.byteLength(segment) > 255) || segments.length > 64;
  if (segments.length === 0 || isTooLong || segments.some(isUnsafe)) {
    throw new AppError(
      'bad-input',
      'Expected ‹a path below the dropped folder› for ‹path›, received ‹something else›.',
    );
  }
  return process.platform === 'win32' ? segments.map((segment) => segment.replace(/[<>:"|?*]/g, '_')) : segments;
}

/** Batches whose project was never opened again. */
function removeForgotten(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > keptBatchMs) rmSync(path, { recursive: true, force: true });
  }
}

/** Folders of processes that ended without clearing up. */
function removeLeftovers(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const pid = Number(/^(\d+)-[0-9a-f]+$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || pid === process.pid || isSameProcess(pid, null)) continue;
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}
