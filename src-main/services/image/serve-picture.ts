import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { requireSupportedFormat } from '../../imaging/decode-errors.ts';
import { decodeImage, encodePng } from '../../imaging/decode.ts';
import { fileError } from '../../storage/file-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';

/** Picture bytes as a host sends them. */
export interface PictureBytes {
  readonly contentType: string;
  readonly body: Uint8Array | ReadStream;
  readonly contentLength: number;
  /** True: named by content or never changed. */
  readonly isImmutable: boolean;
}

/** A picture's file in a format that browsers show: as it is, or as PNG where it is a TIFF. Throws AppError. */
export async function servePicture(path: string): Promise<PictureBytes> {
  const { head, size } = await readHead(path);
  const format = requireSupportedFormat(head);
  if (format === 'tiff') return pictureBytes(await encodePng(await decodeImage(path)), 'image/png');
  return { contentType: `image/${format}`, body: createReadStream(path), contentLength: size, isImmutable: true };
}

export function pictureBytes(body: Uint8Array, contentType: string): PictureBytes {
  return { contentType, body, contentLength: body.byteLength, isImmutable: true };
}

async function readHead(path: string): Promise<{ readonly head: Uint8Array; readonly size: number }> {
  try {
    const handle = await open(path, 'r');
    try {
      const head = new Uint8Array(1024);
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      return { head: head.subarray(0, bytesRead), size: (await handle.stat()).size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, say('doingShowPicture'), path);
  }
}
