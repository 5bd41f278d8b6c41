import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ResolvedStep } from '../../../src-shared/domain/pipeline/resolve.ts';
import {
  featureCacheLimitBytes,
  freeFeatureBytes,
  listFeatureSets,
  makeRoomForFeatures,
  touchFeatureSet,
} from '../../storage/feature-cache.ts';
import { FeatureCache, featureSetName, type FeatureKey } from './feature-cache.ts';
import { recordLength } from '../../storage/feature-record.ts';
import { PixelSet, pixelSetName } from './pixel-set.ts';

/** Why features cannot be kept. */
export type FeatureObstacle =
  { readonly kind: 'limit'; readonly limitBytes: number } | { readonly kind: 'disk'; readonly freeBytes: number };

/** What of the limit small pictures may take. */
const pixelShare = 0.5;
/** Small pictures only save time: what a training has to write comes first on the disk. */
const spareDiskBytes = 2e9;

/**
 * The features of one project and the small pictures that they are computed from, as one training uses them: opens each set once, and keeps
 * all of them under the limit.
 */
export class FeatureStore {
  readonly #folder: string;
  readonly #limitBytes: number;
  readonly #open = new Map<string, FeatureCache>();
  /** Names of sets that this training opens sooner or later. */
  readonly #willUse = new Set<string>();
  readonly #pixels = new Map<string, Promise<PixelSet | null>>();

  constructor(folder: string, limitBytes = featureCacheLimitBytes()) {
    this.#folder = folder;
    this.#limitBytes = limitBytes;
  }

  /** Keeps the sets of these keys until the store closes, whether or not they are open yet. */
  willUse(keys: readonly FeatureKey[]): void {
    for (const key of keys) this.#willUse.add(featureSetName(key));
  }

  /** The set of this key; it stays open, and on disk, until the store closes. */
  async open(key: FeatureKey, rowLength: number): Promise<FeatureCache> {
    const name = featureSetName(key);
    const known = this.#open.get(name);
    if (known) return known;
    const opened = await FeatureCache.open(this.#folder, key, rowLength);
    this.#open.set(name, opened);
    return opened;
  }

  /** What keeps the sets of these keys from being kept whole, at so many bytes together; null where they fit. */
  async obstacleTo(keys: readonly FeatureKey[], bytes: number): Promise<FeatureObstacle | null> {
    if (bytes > this.#limitBytes) return { kind: 'limit', limitBytes: this.#limitBytes };
    const freeBytes = await freeFeatureBytes(this.#folder);
    const names = new Set(keys.map(featureSetName));
    const own = (await listFeatureSets(this.#folder)).filter(({ name }) => names.has(name));
    const missing = own.reduce((sum, set) => sum - set.bytes, bytes);
    return missing > freeBytes ? { kind: 'disk', freeBytes } : null;
  }

  /** Where the pictures are that these steps begin with; null where none can be kept. */
  async openPixels(steps: readonly ResolvedStep[]): Promise<PixelSet | null> {
    const name = pixelSetName(steps);
    const set =
      this.#pixels.get(name) ??
      this.#beginPixels(name).catch((error: unknown) => {
        process.stderr.write(`Small pictures are not kept: ${String(error)}\n`);
        return null;
      });
    this.#pixels.set(name, set);
    return set;
  }

  /** Lets sets go that were not used for long, so that this many more rows fit. A training's own sets stay, whatever the limit. */
  async makeRoom(rowCount: number, rowLength: number): Promise<void> {
    await this.#makeRoomFor(rowCount * recordLength(rowLength));
  }

  async #makeRoomFor(neededBytes: number): Promise<number> {
    const keep = new Set([...this.#open.keys(), ...this.#willUse, ...this.#pixels.keys()]);
    return makeRoomForFeatures(this.#folder, { limitBytes: this.#limitBytes, neededBytes, keep });
  }

  async #beginPixels(name: string): Promise<PixelSet> {
    const folder = path.join(this.#folder, name);
    await mkdir(folder, { recursive: true });
    await touchFeatureSet(this.#folder, name, new Date());
    const sets = await listFeatureSets(this.#folder);
    const bytesOf = (isCounted: (name: string) => boolean): number =>
      sets.reduce((sum, set) => (isCounted(set.name) ? sum + set.bytes : sum), 0);
    const pixels = bytesOf((other) => this.#pixels.has(other));
    const features = bytesOf((other) => this.#open.has(other) || this.#willUse.has(other));
    const freeBytes = Math.min(
      this.#limitBytes * pixelShare - pixels,
      this.#limitBytes - pixels - features,
      (await freeFeatureBytes(this.#folder)) - spareDiskBytes,
    );
    const roomBytes = this.#limitBytes - bytesOf(() => true);
    return new PixelSet(folder, { freeBytes, roomBytes, makeRoom: () => this.#makeRoomFor(0) });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((cache) => cache.close()));
    this.#open.clear();
  }
}
