import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { ImageSize, RgbImage } from './kernels/rgb-image.ts';

// A file is width, height and CRC-32 (over both and the pixels) as little-endian 32-bit numbers, then all pixels. Files are read and written
// at once and not by promises: those cost more than a small file, and a thread that makes pictures has nothing else to do.

const headBytes = 12;

/** What the last file held; used again, because memory that is fresh for each picture costs more than reading it. */
let content = Buffer.alloc(0);

/**
 * The picture that was kept in a file; null where it is not there, or is not what was written. Its pixels lie where those of the next picture
 * will: they are to be used before another one is read.
 */
export function readKeptPictureSync(file: string): RgbImage | null {
  try {
    const bytes = readContentSync(file);
    const size = { width: bytes.readUInt32LE(0), height: bytes.readUInt32LE(4) };
    const data = bytes.subarray(headBytes);
    const isWhole = data.length === size.width * size.height * 3 && checksumOf(bytes, data) === bytes.readUInt32LE(8);
    return isWhole ? { ...size, data } : null;
  } catch {
    // Whatever is wrong with it, the picture itself is still there.
    return null;
  }
}

/** Keeps a picture in a file, whole or not at all. Answers the bytes that it takes, null where it could not be written. */
export function writeKeptPictureSync(file: string, picture: RgbImage): number | null {
  const head = headOf(picture);
  const own = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    const descriptor = openSync(own, 'wx');
    try {
      writeAllSync(descriptor, head);
      writeAllSync(descriptor, picture.data);
    } finally {
      closeSync(descriptor);
    }
    renameSync(own, file);
    return head.length + picture.data.length;
  } catch {
    // A full disk or a folder that was cleared meanwhile costs time, not the training.
    rmSync(own, { force: true });
    return null;
  }
}

function readContentSync(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (content.length < size) content = Buffer.allocUnsafeSlow(size);
    let read = 0;
    while (read < size) {
      const count = readSync(descriptor, content, read, size - read, read);
      if (count === 0) break;
      read += count;
    }
    return content.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}

function writeAllSync(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}

function headOf({ width, height, data }: ImageSize & { readonly data: Uint8Array }): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(width, 0);
  head.writeUInt32LE(height, 4);
  head.writeUInt32LE(checksumOf(head, data), 8);
  return head;
}

function checksumOf(head: Buffer, data: Uint8Array): number {
  return crc32(data, crc32(head.subarray(0, 8)));
}
