import * as v from 'valibot';
import type { BlockColumn } from '../../../src-shared/contract/dataset-stream.ts';
import type { DictionarySpec } from '../../../src-shared/domain/image-columns.ts';
import { absentRow, roomFor, type Column } from './column.ts';

/** What a row has before anything was written to it. */
const nothingYet = 0;

/** Few different values: one code an image, how many images each value has, and an image of each. */
export class DictionaryColumn<Value extends string | null> implements Column {
  version = 0;
  readonly #schema: v.GenericSchema<unknown, Value>;
  #codes = new Uint32Array();
  /** By code; code 0 is no value. */
  readonly #values: (Value | undefined)[] = [undefined];
  readonly #codeOf = new Map<Value, number>();
  readonly #counts: number[] = [0];
  readonly #examples: number[] = [-1];

  constructor({ values }: DictionarySpec<Value>) {
    this.#schema = values;
  }

  at(row: number): Value {
    // Whoever asks for a row that was never written is wrong, and only that has no value.
    return this.#values[this.#codes[row]!] as Value;
  }

  /** Equal for equal values; −1 for a value that no image ever had. Comparing codes is how rows are filtered. */
  codeOf(value: Value): number {
    return this.#codeOf.get(value) ?? -1;
  }

  codeAt(row: number): number {
    return this.#codes[row]!;
  }

  /** One more than the greatest code. */
  get codeCount(): number {
    return this.#values.length;
  }

  count(value: Value): number {
    return this.#counts[this.codeOf(value)] ?? 0;
  }

  /** The values that images have, with how many have them. */
  *counts(): Generator<readonly [Value, number]> {
    for (const [value, code] of this.#codeOf) if (this.#counts[code]! > 0) yield [value, this.#counts[code]!];
  }

  /** A row with this value, mostly the first; −1 where there is none. */
  example(value: Value, rowCount: number): number {
    const code = this.codeOf(value);
    if (code === -1 || this.#counts[code] === 0) return -1;
    const known = this.#examples[code]!;
    if (known !== -1 && this.#codes[known] === code) return known;
    const found = this.#codes.subarray(0, rowCount).indexOf(code);
    this.#examples[code] = found;
    return found;
  }

  reserve(rowCount: number): void {
    const room = roomFor(rowCount, this.#codes.length);
    if (room === this.#codes.length) return;
    const codes = new Uint32Array(room);
    codes.set(this.#codes);
    this.#codes = codes;
  }

  write(rows: Uint32Array, { bytes, values }: BlockColumn): void {
    const codes = values.map((value) => this.#takeCode(v.parse(this.#schema, value)));
    const places = new Uint16Array(bytes.buffer, bytes.byteOffset, rows.length);
    let hasChanged = false;
    for (let index = 0; index < rows.length; index += 1) {
      if (rows[index] === absentRow) continue;
      if (this.#put(rows[index]!, codes[places[index]!]!)) hasChanged = true;
    }
    if (hasChanged) this.version += 1;
  }

  /** Gives rows one value; answers the codes that they had, for `restore`. */
  set(rows: Uint32Array, value: Value): Uint32Array {
    const code = this.#takeCode(value);
    const before = rows.map((row) => this.#codes[row]!);
    for (const row of rows) this.#put(row, code);
    this.version += 1;
    return before;
  }

  restore(rows: Uint32Array, codes: Uint32Array): void {
    for (let index = 0; index < rows.length; index += 1) this.#put(rows[index]!, codes[index]!);
    this.version += 1;
  }

  #put(row: number, code: number): boolean {
    const before = this.#codes[row]!;
    if (before === code) return false;
    if (before !== nothingYet) this.#counts[before]! -= 1;
    this.#counts[code]! += 1;
    this.#codes[row] = code;
    return true;
  }

  #takeCode(value: Value): number {
    const known = this.#codeOf.get(value);
    if (known !== undefined) return known;
    const code = this.#values.length;
    this.#values.push(value);
    this.#counts.push(0);
    this.#examples.push(-1);
    this.#codeOf.set(value, code);
    return code;
  }
}
