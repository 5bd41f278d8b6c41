import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { RgbImage } from './kernels/rgb-image.ts';

// A file is for each picture width, height and CRC-32 (over both and the pixels) as little-endian 32-bit numbers, then all pixels.

const headBytes = 12;

interface Head {
  readonly width: number;
  readonly height: number;
  readonly checksum: number;
}

/** The picture at `index` of those that were kept in a file; null where it is not there, or is not what was written. */
export async function readKeptPicture(file: string, index: number, count: number): Promise<RgbImage | null> {
  try {
    const bytes = await readFile(file);
    const heads = Array.from({ length: count }, (_, place) => readHead(bytes, place * headBytes));
    const head = heads[index];
    if (!head) return null;
    const start = heads.slice(0, index).reduce((sum, each) => sum + pixelBytes(each), count * headBytes);
    const data = bytes.subarray(start, start + pixelBytes(head));
    const { width, height, checksum } = head;
    return data.length === pixelBytes(head) && checksumOf({ width, height, data }) === checksum
      ? { width, height, data }
      : null;
  } catch {
    // Whatever is wrong with it, the picture itself is still there.
    return null;
  }
}

/** Keeps pictures in a file, whole or not at all. Answers the bytes that it takes, null where it could not be written. */
export async function writeKeptPictures(file: string, pictures: readonly RgbImage[]): Promise<number | null> {
  const heads = pictures.map((picture) => {
    const head = Buffer.alloc(headBytes);
    head.writeUInt32LE(picture.width, 0);
    head.writeUInt32LE(picture.height, 4);
    head.writeUInt32LE(checksumOf(picture), 8);
    return head;
  });
  const bytes = Buffer.concat([...heads, ...pictures.map(({ data }) => data)]);
  const own = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(own, bytes, { flag: 'wx' });
    await rename(own, file);
    return bytes.length;
  } catch {
    // A full disk or a folder that was cleared meanwhile costs time, not the training.
    await rm(own, { force: true });
    return null;
  }
}

function readHead(bytes: Buffer, offset: number): Head {
  return {
    width: bytes.readUInt32LE(offset),
    height: bytes.readUInt32LE(offset + 4),
    checksum: bytes.readUInt32LE(offset + 8),
  };
}

function pixelBytes({ width, height }: Pick<RgbImage, 'width' | 'height'>): number {
  return width * height * 3;
}

function checksumOf({ width, height, data }: RgbImage): number {
  return crc32(data, crc32(Uint8Array.of(...toBytes(width), ...toBytes(height))));
}

function toBytes(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
