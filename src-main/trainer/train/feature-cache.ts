import { createHash } from 'node:crypto';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { stableJson } from '../../../src-shared/lib/stable-json.ts';

/** Everything besides the image that its cached features depend on. */
export interface FeatureCacheKey {
  /** What computes them: two engines round differently. */
  readonly engine: string;
  readonly backboneSha256: string;
  readonly inputSize: number;
  readonly steps: readonly ResolvedStep[];
  /** Which of the augmented versions; null where the steps draw nothing. */
  readonly variant: string | null;
}

/**
 * Features of images on disk: one append-only file a key.
 *
 * A record is 32 bytes of image id, 4 bytes of CRC-32 over the rest, then the features as little-endian float32. A record that was torn
 * by a crash, or anything else that does not add up, ends the file at the last good record; what is lost is computed again.
 */
export interface FeatureCache {
  /** Features by image id; only what was there when the cache was opened. */
  readonly known: ReadonlyMap<ImageId, Float32Array>;
  /** Appends one record per image. */
  add(records: readonly { readonly imageId: ImageId; readonly features: Float32Array }[]): Promise<void>;
  close(): Promise<void>;
}

const idBytes = 32;
const headBytes = idBytes + 4;
/** Raise when records or the meaning of a key change: old files are then left unread. */
const formatVersion = 1;

/** Opens or makes the file of this key below the folder. */
export async function openFeatureCache(
  folder: string,
  key: FeatureCacheKey,
  featureCount: number,
): Promise<FeatureCache> {
  await mkdir(folder, { recursive: true });
  const file = await open(path.join(folder, `${hashOf(key)}.features`), 'a+');
  const recordBytes = headBytes + featureCount * 4;
  const known = await readRecords(file, recordBytes);
  return {
    known,
    async add(records) {
      await file.appendFile(Buffer.concat(records.map(encodeRecord)));
    },
    close: () => file.close(),
  };
}

/** Steps are keyed by what they do; their ids are names for people's lists. */
function hashOf({ engine, backboneSha256, inputSize, steps, variant }: FeatureCacheKey): string {
  const meaning = steps.map(({ kind, parameters }) => ({ kind, parameters }));
  return createHash('sha256')
    .update(stableJson({ formatVersion, engine, backboneSha256, inputSize, steps: meaning, variant }))
    .digest('hex');
}

async function readRecords(file: FileHandle, recordBytes: number): Promise<ReadonlyMap<ImageId, Float32Array>> {
  const known = new Map<ImageId, Float32Array>();
  const bytes = await file.readFile();
  let end = 0;
  for (; end + recordBytes <= bytes.length; end += recordBytes) {
    const record = bytes.subarray(end, end + recordBytes);
    const id = record.subarray(0, idBytes);
    const values = record.subarray(headBytes);
    if (record.readUInt32LE(idBytes) !== crc32(values, crc32(id))) break;
    // Copied, because float32 must lie on a multiple of four bytes, and so that the whole file can be freed.
    known.set(id.toString('hex') as ImageId, new Float32Array(Uint8Array.from(values).buffer));
  }
  if (end < bytes.length) await file.truncate(end);
  return known;
}

function encodeRecord({ imageId, features }: { imageId: ImageId; features: Float32Array }): Buffer {
  const id = Buffer.from(imageId, 'hex');
  const values = Buffer.from(features.buffer, features.byteOffset, features.byteLength);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(values, crc32(id)));
  return Buffer.concat([id, checksum, values]);
}
