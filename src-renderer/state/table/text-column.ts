import type { BlockColumn } from '../../../src-shared/contract/dataset-stream.ts';
import { roomFor, type Column } from './column.ts';

/** Texts that mostly differ, as UTF-8 in one piece. What a new text replaces stays there unused. */
export class TextColumn implements Column {
  version = 0;
  readonly #decoder = new TextDecoder();
  #bytes = new Uint8Array();
  #used = 0;
  #starts = new Uint32Array();
  #lengths = new Uint32Array();

  at(row: number): string {
    const start = this.#starts[row]!;
    const length = this.#lengths[row]!;
    return length === 0 ? '' : this.#decoder.decode(this.#bytes.subarray(start, start + length));
  }

  /** The bytes of a text, to look at; a later write may move them. */
  bytesAt(row: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[row], this.#starts[row]! + this.#lengths[row]!);
  }

  /** In bytes. */
  lengthAt(row: number): number {
    return this.#lengths[row]!;
  }

  isAscii(row: number): boolean {
    const end = this.#starts[row]! + this.#lengths[row]!;
    for (let at = this.#starts[row]!; at < end; at += 1) if (this.#bytes[at]! > 127) return false;
    return true;
  }

  reserve(rowCount: number): void {
    const room = roomFor(rowCount, this.#starts.length);
    if (room === this.#starts.length) return;
    const [starts, lengths] = [new Uint32Array(room), new Uint32Array(room)];
    starts.set(this.#starts);
    lengths.set(this.#lengths);
    [this.#starts, this.#lengths] = [starts, lengths];
  }

  write(rows: Uint32Array, { bytes }: BlockColumn): void {
    const lengths = new Uint32Array(bytes.buffer, bytes.byteOffset, rows.length);
    const texts = bytes.subarray(lengths.byteLength);
    const room = roomFor(this.#used + texts.length, this.#bytes.length);
    if (room > this.#bytes.length) {
      const grown = new Uint8Array(room);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(texts, this.#used);
    for (let index = 0; index < rows.length; index += 1) {
      this.#starts[rows[index]!] = this.#used;
      this.#lengths[rows[index]!] = lengths[index]!;
      this.#used += lengths[index]!;
    }
    this.version += 1;
  }
}
