import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { ImageId } from '../../src-shared/domain/ids.ts';

// A shard is records of one length, one after another: 32 bytes of image id, 4 bytes of CRC-32 over the rest, little-endian float32.

const idBytes = 32;
const headBytes = idBytes + 4;
const scanBytes = 8e6;

/** Bytes of a record with this many numbers. */
export function recordLength(rowLength: number): number {
  return headBytes + rowLength * 4;
}

/** Where the numbers of the record at `offset` begin. */
export function valuesOffset(offset: number): number {
  return offset + headBytes;
}

/** The bytes of one image's record. */
export function encodeRecord(imageId: ImageId, features: Float32Array): Uint8Array {
  const record = Buffer.alloc(recordLength(features.length));
  record.write(imageId, 0, 'hex');
  record.set(new Uint8Array(features.buffer, features.byteOffset, features.byteLength), headBytes);
  record.writeUInt32LE(checksum(record), idBytes);
  return record;
}

/**
 * Finds the sound records of a shard: id and offset of each. What a crash tore or anything else changed is passed over, and computed
 * again. Reads the shard in pieces, from the record at the offset `from` on.
 */
export async function* scanShard(
  file: FileHandle,
  rowLength: number,
  from = 0,
): AsyncGenerator<{ readonly imageId: ImageId; readonly offset: number }> {
  const length = recordLength(rowLength);
  const piece = Buffer.alloc(length * Math.max(1, Math.floor(scanBytes / length)));
  for (let start = from; ; start += piece.length) {
    const { bytesRead } = await file.read(piece, 0, piece.length, start);
    for (let at = 0; at + length <= bytesRead; at += length) {
      const record = piece.subarray(at, at + length);
      if (record.readUInt32LE(idBytes) !== checksum(record)) continue;
      yield { imageId: record.toString('hex', 0, idBytes) as ImageId, offset: start + at };
    }
    if (bytesRead < piece.length) return;
  }
}

function checksum(record: Buffer): number {
  return crc32(record.subarray(headBytes), crc32(record.subarray(0, idBytes)));
}
