import { open, readdir, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import { recordLength, scanShard, valuesOffset } from './feature-record.ts';
import { systemCode } from './file-error.ts';

/** Features of some images: row-major float32 [imageIds.length, rowLength]. */
export interface FeatureMatrix {
  readonly imageIds: readonly ImageId[];
  readonly rowLength: number;
  readonly values: Float32Array<ArrayBuffer>;
}

interface Shard {
  readonly file: FileHandle;
  /** Whole records up to here are known. */
  scannedBytes: number;
}

interface Place {
  readonly file: FileHandle;
  readonly offset: number;
}

/** An image with its features, which hold until the next block. */
interface FeatureRow {
  readonly imageId: ImageId;
  readonly row: Float32Array;
}

const readAtOnce = 64;
const blockBytes = 8e6;

/**
 * Reads a set of features that other processes write: `refresh` takes in what they appended, reading only what is new.
 *
 * A set is in a folder of shards (`feature-record.ts`); one that was removed meanwhile is empty after the next refresh.
 */
export class FeatureReader {
  readonly rowLength: number;
  readonly #folder: string;
  readonly #shards = new Map<string, Shard>();
  readonly #places = new Map<ImageId, Place>();

  constructor(folder: string, rowLength: number) {
    this.#folder = folder;
    this.rowLength = rowLength;
  }

  get count(): number {
    return this.#places.size;
  }

  has(imageId: ImageId): boolean {
    return this.#places.has(imageId);
  }

  /** Takes in the records that are new on disk. Not twice at the same time. */
  async refresh(): Promise<void> {
    const names = (await namesIn(this.#folder)).sort();
    if ([...this.#shards.keys()].some((name) => !names.includes(name))) await this.close();
    for (const name of names) {
      const shard = this.#shards.get(name) ?? (await openShard(path.join(this.#folder, name)));
      if (!shard) continue;
      this.#shards.set(name, shard);
      const { size } = await shard.file.stat();
      const wholeBytes = size - (size % recordLength(this.rowLength));
      if (wholeBytes <= shard.scannedBytes) continue;
      for await (const { imageId, offset } of scanShard(shard.file, this.rowLength, shard.scannedBytes)) {
        this.#places.set(imageId, { file: shard.file, offset: valuesOffset(offset) });
      }
      shard.scannedBytes = wholeBytes;
    }
  }

  /** The rows of those of these images that are there, in their order. Holds all of them in memory: ask in pieces. */
  async read(imageIds: readonly ImageId[]): Promise<FeatureMatrix> {
    const there = imageIds.filter((imageId) => this.#places.has(imageId));
    const rowBytes = this.rowLength * 4;
    const values = new Float32Array(there.length * this.rowLength);
    const bytes = new Uint8Array(values.buffer);
    for (let start = 0; start < there.length; start += readAtOnce) {
      const rows = there.slice(start, start + readAtOnce).map(async (imageId, index) => {
        const place = this.#places.get(imageId);
        const { bytesRead } = await (place?.file.read(bytes, (start + index) * rowBytes, rowBytes, place.offset) ??
          Promise.reject(new Error(`No features of ${imageId}`)));
        if (bytesRead !== rowBytes) throw new Error(`The features of ${imageId} end early`);
      });
      await Promise.all(rows);
    }
    return { imageIds: there, rowLength: this.rowLength, values };
  }

  /** All rows in the order in which they lie on disk, some thousand at a time: for what goes through all of them, many times as fast. */
  async *blocks(): AsyncGenerator<readonly FeatureRow[]> {
    const byFile = Map.groupBy(this.#places, ([, { file }]) => file);
    const length = recordLength(this.rowLength);
    const piece = new Float32Array((length / 4) * Math.max(1, Math.floor(blockBytes / length)));
    for (const [file, known] of byFile) {
      known.sort(([, a], [, b]) => a.offset - b.offset);
      for (let rest = known; rest[0] !== undefined;) {
        const start = rest[0][1].offset - valuesOffset(0);
        const { bytesRead } = await file.read(new Uint8Array(piece.buffer), 0, piece.byteLength, start);
        const beyond = rest.findIndex(([, { offset }]) => offset - start + this.rowLength * 4 > bytesRead);
        const here = beyond === -1 ? rest : rest.slice(0, beyond);
        if (here.length === 0) throw new Error('Features end early');
        rest = rest.slice(here.length);
        yield here.map(([imageId, { offset }]) => {
          const at = (offset - start) / 4;
          return { imageId, row: piece.subarray(at, at + this.rowLength) };
        });
      }
    }
  }

  /** Forgets everything and closes the files. */
  async close(): Promise<void> {
    const shards = [...this.#shards.values()];
    this.#shards.clear();
    this.#places.clear();
    await Promise.all(shards.map(({ file }) => file.close()));
  }
}

async function openShard(file: string): Promise<Shard | null> {
  try {
    return { file: await open(file, 'r'), scannedBytes: 0 };
  } catch (error) {
    // Another process made room meanwhile.
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
