import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { maximumFileBytes, requireSupportedFormat } from '../../imaging/decode-errors.ts';
import type { FileContent } from './found-file.ts';

/** So much of a file shows whether it is a picture. */
export const headBytes = 1024;

/** A file on the disk. */
export function diskFile(path: string): FileContent {
  return { path, read: () => readPicture(path) };
}

/** Throws AppError 'unsupported' for a file that is larger than any picture may be. */
export function assertPictureSize(sizeBytes: number): void {
  if (sizeBytes <= maximumFileBytes) return;
  const facts = { size: Math.round(sizeBytes / 1e6), most: maximumFileBytes / 1e6 };
  throw new AppError('unsupported', say('tooManyMegabytes', facts));
}

/** Looks at the beginning first: a film or an archive beside the pictures is not worth reading to its end. */
async function readPicture(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    requireSupportedFormat(await readHead(handle, size));
    assertPictureSize(size);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function readHead(handle: FileHandle, size: number): Promise<Uint8Array> {
  const head = new Uint8Array(Math.min(headBytes, size));
  // At a position of its own, so that reading the whole file afterwards starts at its beginning.
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  return head.subarray(0, bytesRead);
}
