import type { BlockColumn } from '../../../src-shared/contract/dataset-stream.ts';
import type { NumberSpec } from '../../../src-shared/domain/image-columns.ts';
import { absentRow, roomFor, type Column } from './column.ts';

const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array };

/** One number an image; NaN where a column of fractions has none, or nothing was written yet. */
export class NumberColumn implements Column {
  version = 0;
  readonly #kind: (typeof kinds)[NumberSpec['type']];
  readonly #isFractional: boolean;
  #values: InstanceType<(typeof kinds)[NumberSpec['type']]>;

  constructor({ type }: NumberSpec) {
    this.#kind = kinds[type];
    this.#isFractional = type === 'f32' || type === 'f64';
    this.#values = new this.#kind(0);
  }

  at(row: number): number {
    return this.#values[row]!;
  }

  reserve(rowCount: number): void {
    const room = roomFor(rowCount, this.#values.length);
    if (room === this.#values.length) return;
    const values = new this.#kind(room);
    if (this.#isFractional) values.fill(Number.NaN, this.#values.length);
    values.set(this.#values);
    this.#values = values;
  }

  write(rows: Uint32Array, { bytes }: BlockColumn): void {
    const values = new this.#kind(bytes.buffer, bytes.byteOffset, rows.length);
    let hasChanged = false;
    for (let index = 0; index < rows.length; index += 1) {
      const [row, value] = [rows[index]!, values[index]!];
      if (row === absentRow || this.#values[row] === value) continue;
      this.#values[row] = value;
      hasChanged = true;
    }
    if (hasChanged) this.version += 1;
  }
}
