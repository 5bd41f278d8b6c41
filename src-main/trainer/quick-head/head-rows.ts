import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { pickEvenly } from '../../../src-shared/lib/pick-evenly.ts';
import type { FeatureReader } from '../../storage/feature-reader.ts';
import { chunksOf } from '../prefetch.ts';

/** So many rows stay in memory, 256 MB at 1,280 numbers each; the others are read each time. */
const residentRows = 50_000;
const readAtOnce = 2048;
/** Enough to know each feature's mean and deviation to a few percent. */
const measuredRows = 4096;

/** The mean and the deviation of each feature over all images. */
export interface Spread {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/** The features of a project's images by row. */
export class HeadRows {
  readonly rowLength: number;
  readonly #reader: FeatureReader;
  readonly #slots = new Map<ImageId, number>();
  #resident: Float32Array;
  #imageIds: readonly ImageId[] = [];

  constructor(reader: FeatureReader) {
    this.#reader = reader;
    this.rowLength = reader.rowLength;
    this.#resident = new Float32Array();
  }

  /** What the rows are from now on; takes in features that came meanwhile. */
  async setImages(imageIds: readonly ImageId[]): Promise<void> {
    this.#imageIds = imageIds;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    await this.#reader.refresh();
  }

  imageId(row: number): ImageId {
    const imageId = this.#imageIds[row];
    if (imageId === undefined) throw new Error(`No row ${row} among ${this.#imageIds.length}`);
    return imageId;
  }

  has(row: number): boolean {
    const imageId = this.#imageIds[row];
    return imageId !== undefined && this.#reader.has(imageId);
  }

  /** Copies these rows, which must all have features, one below the other. */
  async read(rows: readonly number[]): Promise<Float32Array> {
    const { rowLength } = this;
    const values = new Float32Array(rows.length * rowLength);
    const missing: number[] = [];
    rows.forEach((row, index) => {
      const slot = this.#slots.get(this.imageId(row));
      if (slot === undefined) missing.push(index);
      else values.set(this.#resident.subarray(slot * rowLength, (slot + 1) * rowLength), index * rowLength);
    });
    for (const chunk of chunksOf(missing, readAtOnce)) {
      const read = await this.#reader.read(chunk.map((index) => this.imageId(rows[index]!)));
      if (read.imageIds.length !== chunk.length) throw new Error('Features went away');
      chunk.forEach((index, at) => {
        const row = read.values.subarray(at * rowLength, (at + 1) * rowLength);
        values.set(row, index * rowLength);
        this.#keep(read.imageIds[at]!, row);
      });
    }
    return values;
  }

  /** Over an even choice of all rows with features. */
  async measureSpread(): Promise<Spread> {
    const known = this.#imageIds.flatMap((_, row) => (this.has(row) ? [row] : []));
    const rows = pickEvenly(known, measuredRows);
    const values = await this.read(rows);
    return spreadOf(values, this.rowLength);
  }

  #keep(imageId: ImageId, row: Float32Array): void {
    const slot = this.#slots.size;
    if (slot >= residentRows) return;
    const needed = (slot + 1) * this.rowLength;
    if (needed > this.#resident.length) {
      const most = residentRows * this.rowLength;
      const grown = new Float32Array(Math.min(most, Math.max(needed, this.#resident.length * 2, 1e6)));
      grown.set(this.#resident);
      this.#resident = grown;
    }
    this.#resident.set(row, slot * this.rowLength);
    this.#slots.set(imageId, slot);
  }
}

/** A feature that hardly varies is not blown up: its deviation counts as at least this share of the mean one. */
const leastDeviation = 1e-3;

function spreadOf(values: Float32Array, length: number): Spread {
  const count = Math.max(1, values.length / length);
  const sums = new Float64Array(length);
  const squares = new Float64Array(length);
  for (let at = 0; at < values.length; at += 1) sums[at % length]! += values[at]!;
  const mean = Float32Array.from(sums, (sum) => sum / count);
  for (let at = 0; at < values.length; at += 1) squares[at % length]! += (values[at]! - mean[at % length]!) ** 2;
  const deviations = Float64Array.from(squares, (sum) => Math.sqrt(sum / count));
  const typical = Math.sqrt(deviations.reduce((sum, one) => sum + one * one, 0) / length) || 1;
  return { mean, deviation: Float32Array.from(deviations, (one) => Math.max(one, leastDeviation * typical)) };
}

/** (row − mean) / deviation for every row, in place. */
export function standardise(values: Float32Array, { mean, deviation }: Spread): void {
  const length = mean.length;
  for (let start = 0; start < values.length; start += length) {
    for (let at = 0; at < length; at += 1) values[start + at] = (values[start + at]! - mean[at]!) / deviation[at]!;
  }
}
