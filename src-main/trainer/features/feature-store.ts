import {
  featureCacheLimitBytes,
  freeFeatureBytes,
  listFeatureSets,
  makeRoomForFeatures,
} from '../../storage/feature-cache.ts';
import { FeatureCache, featureSetName, type FeatureKey } from './feature-cache.ts';
import { recordLength } from './feature-record.ts';

/** Why features cannot be kept. */
export type FeatureObstacle =
  { readonly kind: 'limit'; readonly limitBytes: number } | { readonly kind: 'disk'; readonly freeBytes: number };

/** The features of one project, as one training uses them: opens each set once, and keeps all of them under the limit. */
export class FeatureStore {
  readonly #folder: string;
  readonly #limitBytes: number;
  readonly #open = new Map<string, FeatureCache>();

  constructor(folder: string, limitBytes = featureCacheLimitBytes()) {
    this.#folder = folder;
    this.#limitBytes = limitBytes;
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

  /** Lets sets go that were not used for long, so that this many more rows fit. A training's own sets stay, whatever the limit. */
  async makeRoom(rowCount: number, rowLength: number): Promise<void> {
    await makeRoomForFeatures(this.#folder, {
      limitBytes: this.#limitBytes,
      neededBytes: rowCount * recordLength(rowLength),
      keep: new Set(this.#open.keys()),
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((cache) => cache.close()));
    this.#open.clear();
  }
}
