import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import { sketchBytes } from '../../imaging/facts/measure-image.ts';
import type { MeasuredImage, SketchRow } from '../../storage/quality-rows.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import type { NearPair, PictureColumns } from './near-pairs.ts';
import { hammingDistance, type Hashes } from './hash-index.ts';
import { factsVersion, type PictureScans } from './picture-scans.ts';
import type { QualityThreads } from './quality-threads.ts';
import type { TieMaterial } from './ties.ts';

/** All images of a project with what is known of their pictures, and which look the same. */
export interface QualityMaterial extends TieMaterial {
  /** A place in this list is what pairs and ties name. */
  readonly images: readonly (MeasuredImage & { readonly capturedAt: number | null })[];
}

/** Pictures with hashes further apart are not of the same view, even when taken one after the other. */
const sameViewBits = 16;

interface KnownPairs {
  readonly key: string;
  /** By numbers of images. */
  readonly pairs: Promise<readonly NearPair[]>;
}

interface KnownMaterial {
  readonly key: string;
  readonly material: QualityMaterial;
}

/** Reads what checks and groups are made of. Looking for near copies takes a second for 100,000 images: its result is kept. */
export class MaterialReader {
  readonly #threads: QualityThreads;
  readonly #scans: PictureScans;
  readonly #pairs = new Map<ProjectId, KnownPairs>();
  readonly #materials = new Map<ProjectId, KnownMaterial>();

  constructor(threads: QualityThreads, scans: PictureScans) {
    this.#threads = threads;
    this.#scans = scans;
  }

  async read(context: ProjectContext): Promise<QualityMaterial> {
    const pairs = await this.#pairsOf(context);
    const { dataset, quality } = context.database;
    const key = `${dataset.revision()}/${this.#scans.generation(context)}`;
    const known = this.#materials.get(context.id);
    if (known?.key === key) return known.material;
    const images = quality.measured(factsVersion).map((row) => ({ ...row, capturedAt: row.captured_at }));
    const places = new Map(images.map(({ number }, place) => [number, place]));
    const material: QualityMaterial = {
      images,
      pairs: pairs.flatMap(({ a, b, distance }) => {
        const [placeA, placeB] = [places.get(a), places.get(b)];
        return placeA === undefined || placeB === undefined ? [] : [{ a: placeA, b: placeB, distance }];
      }),
      isSameView: sameViews(hashColumns(images)),
    };
    this.#materials.set(context.id, { key, material });
    return material;
  }

  async #pairsOf(context: ProjectContext): Promise<readonly NearPair[]> {
    const { done, failed } = context.database.quality.countFacts(factsVersion);
    const key = `${done - failed}/${this.#scans.generation(context)}`;
    const known = this.#pairs.get(context.id);
    if (known?.key === key) return known.pairs;
    const pairs = this.#findPairs(context.database.quality.sketches(factsVersion));
    this.#pairs.set(context.id, { key, pairs });
    pairs.catch(() => this.#pairs.delete(context.id));
    return pairs;
  }

  async #findPairs(rows: readonly SketchRow[]): Promise<readonly NearPair[]> {
    if (rows.length < 2) return [];
    const pairs = await this.#threads.ask('near-pairs', toColumns(rows));
    return pairs.map(({ a, b, distance }) => ({
      a: rows[a]?.number ?? -1,
      b: rows[b]?.number ?? -1,
      distance,
    }));
  }
}

function toColumns(rows: readonly SketchRow[]): PictureColumns {
  const sketches = new Uint8Array(rows.length * sketchBytes);
  rows.forEach(({ sketch }, place) => sketches.set(sketch, place * sketchBytes));
  return { hashes: hashColumns(rows), sketches, sketchBytes };
}

function hashColumns(rows: readonly { readonly hash: Uint8Array | null }[]): Hashes {
  const hashes = { high: new Uint32Array(rows.length), low: new Uint32Array(rows.length) };
  for (const [place, { hash }] of rows.entries()) {
    if (hash === null) continue;
    const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength);
    hashes.high[place] = view.getUint32(0);
    hashes.low[place] = view.getUint32(4);
  }
  return hashes;
}

/** An image that was not looked at has a hash of zeros, which no picture has: half of the bits of a hash are set. */
function sameViews(hashes: Hashes): TieMaterial['isSameView'] {
  const isKnown = (place: number): boolean => (hashes.high[place] ?? 0) !== 0 || (hashes.low[place] ?? 0) !== 0;
  return (a, b) => isKnown(a) && isKnown(b) && hammingDistance(hashes, a, b) <= sameViewBits;
}
