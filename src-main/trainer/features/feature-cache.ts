import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import { isContainer, isRandomKind } from '../../../src-shared/domain/pipeline/steps.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { stableJson } from '../../../src-shared/lib/stable-json.ts';
import type { LayerName } from '../../network/layer.ts';
import { touchFeatureSet } from '../../storage/feature-cache.ts';
import { fileError } from '../../storage/file-error.ts';
import { encodeRecord, scanShard, valuesOffset } from '../../storage/feature-record.ts';
import { openFeatureRows, type FeatureRows, type RowPlace } from './feature-rows.ts';

/** Everything besides the image that its cached features depend on. */
export interface FeatureKey {
  /** What computes them: two engines round differently. */
  readonly engine: string;
  readonly backboneSha256: string;
  /** The layer whose output they are. */
  readonly layer: LayerName;
  readonly inputSize: number;
  readonly steps: readonly ResolvedStep[];
  /** Which of the augmented versions; null where the steps draw nothing. */
  readonly variant: string | null;
}

/** Raise when records or the meaning of a key change: old files are then left unread. */
const formatVersion = 3;
/** So much is read again at most when a byte of it was lost. */
const shardBytes = 256e6;

/** The name of the folder for this key. Steps are keyed by what they do, to which the id of a random one belongs: it draws by it. */
export function featureSetName({ steps, ...key }: FeatureKey): string {
  const meaning = steps.map(meaningOf);
  return createHash('sha256')
    .update(stableJson({ formatVersion, ...key, steps: meaning }))
    .digest('hex');
}

function meaningOf(step: ResolvedStep): unknown {
  const { id, kind, parameters } = step;
  if (!isContainer(step)) return isRandomKind(kind) ? { id, kind, parameters } : { kind, parameters };
  // Choice and order are drawn for each step inside, by its id.
  return { id, kind, parameters, steps: step.steps.map((inner) => ({ id: inner.id, does: meaningOf(inner) })) };
}

interface OpenShard {
  readonly file: FileHandle;
  bytes: number;
}

/**
 * Features of one key on disk: a folder of append-only shards. A process writes only to shards that it began itself, so that two
 * trainings never meet in one; the index is made from the sound records when the folder is opened.
 */
export class FeatureCache {
  readonly rowLength: number;
  readonly #folder: string;
  readonly #files: FileHandle[];
  readonly #places: Map<ImageId, RowPlace>;
  #shard: OpenShard | undefined;

  private constructor(folder: string, rowLength: number, files: FileHandle[], places: Map<ImageId, RowPlace>) {
    this.#folder = folder;
    this.rowLength = rowLength;
    this.#files = files;
    this.#places = places;
  }

  /** Opens or makes the folder of a key below `parent`. The owner calls `close`. */
  static async open(parent: string, key: FeatureKey, rowLength: number): Promise<FeatureCache> {
    const name = featureSetName(key);
    const folder = path.join(parent, name);
    await mkdir(folder, { recursive: true });
    await touchFeatureSet(parent, name, new Date());
    const files: FileHandle[] = [];
    const places = new Map<ImageId, RowPlace>();
    for (const shard of (await readdir(folder)).sort()) {
      const file = await open(path.join(folder, shard), 'r');
      files.push(file);
      for await (const { imageId, offset } of scanShard(file, rowLength)) {
        places.set(imageId, { file, offset: valuesOffset(offset) });
      }
    }
    return new FeatureCache(folder, rowLength, files, places);
  }

  has(imageId: ImageId): boolean {
    return this.#places.has(imageId);
  }

  /** Appends one record per image. */
  async add(records: readonly { readonly imageId: ImageId; readonly features: Float32Array }[]): Promise<void> {
    const shard = await this.#shardToWrite();
    const encoded = records.map(({ imageId, features }) => encodeRecord(imageId, features));
    try {
      await shard.file.appendFile(Buffer.concat(encoded));
    } catch (error) {
      throw fileError(error, say('doingSaveFeatures'), this.#folder);
    }
    encoded.forEach(({ length }, index) => {
      const { imageId } = records[index] ?? {};
      if (imageId) this.#places.set(imageId, { file: shard.file, offset: valuesOffset(shard.bytes) });
      shard.bytes += length;
    });
  }

  /** The rows of these images, which must all be there; readable until `close`. */
  rows(imageIds: readonly ImageId[], residentBytes: number): FeatureRows {
    const places = imageIds.map((imageId) => {
      const place = this.#places.get(imageId);
      if (!place) throw new Error(`No features of ${imageId}`);
      return place;
    });
    return openFeatureRows(places, this.rowLength, residentBytes);
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.close()));
  }

  async #shardToWrite(): Promise<OpenShard> {
    if (this.#shard && this.#shard.bytes < shardBytes) return this.#shard;
    const number = String(this.#files.length).padStart(5, '0');
    const file = await open(path.join(this.#folder, `${number}-${randomBytes(4).toString('hex')}.features`), 'ax+');
    this.#files.push(file);
    this.#shard = { file, bytes: 0 };
    return this.#shard;
  }
}
