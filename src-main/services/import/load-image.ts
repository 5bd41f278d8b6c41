import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { imageIdSchema, type ImageId } from '../../../src-shared/domain/ids.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import { requireSupportedFormat } from '../../imaging/decode-errors.ts';
import { decodeImage } from '../../imaging/decode.ts';
import { fileError } from '../../storage/file-error.ts';
import type { NewImage } from '../../storage/dataset-rows.ts';
import type { FoundFile } from './scan-folder.ts';

export type LoadedFile =
  | { readonly kind: 'image'; readonly image: NewImage; readonly bytes: Uint8Array }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'skipped'; readonly reason: Sentence };

const largestFileBytes = 512e6;
const headBytes = 1024;

/**
 * Reads a file once, knows it by its content and unpacks it wholly: what comes in can be trained on.
 *
 * `isKnown` says whether the project has the content already; such a file is not unpacked again.
 */
export async function loadImage(file: FoundFile, isKnown: (id: ImageId) => boolean): Promise<LoadedFile> {
  try {
    const bytes = await readImageBytes(file.path);
    const id = v.parse(imageIdSchema, createHash('sha256').update(bytes).digest('hex'));
    if (isKnown(id)) return { kind: 'duplicate' };
    const format = requireSupportedFormat(bytes);
    const { width, height } = await decodeImage(bytes);
    const { fileName, source, className, givenSplit } = file;
    return {
      kind: 'image',
      bytes,
      image: { id, fileName, source, format, width, height, sizeBytes: bytes.byteLength, className, givenSplit },
    };
  } catch (error) {
    const told = fileError(error, say('doingReadFile'), file.path);
    if (told instanceof AppError) return { kind: 'skipped', reason: told.sentence };
    throw told;
  }
}

/** Looks at the beginning first: a film or an archive beside the pictures is not worth reading to its end. */
async function readImageBytes(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    requireSupportedFormat(await readHead(handle, size));
    if (size > largestFileBytes) {
      throw new AppError(
        'unsupported',
        say('tooManyMegabytes', { size: Math.round(size / 1e6), most: largestFileBytes / 1e6 }),
      );
    }
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
