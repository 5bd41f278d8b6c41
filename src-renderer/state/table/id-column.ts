import type { BlockColumn } from '../../../src-shared/contract/dataset-stream.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { absentRow, roomFor } from './column.ts';

const idBytes = 32;
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The ids of all images, packed, and which row each is; ids are SHA-256, so their first bytes are a hash already. */
export class IdColumn {
  #bytes = new Uint8Array();
  /** Open addressing: row + 1 at the place that the id's first bytes name, or at the next free one; 0 is free. */
  #slots = new Uint32Array(64);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  at(row: number): ImageId {
    let text = '';
    for (let byte = row * idBytes; byte < (row + 1) * idBytes; byte += 1) text += hexOfByte[this.#bytes[byte]!]!;
    return text as ImageId;
  }

  /** −1 for an image that is not there. */
  rowOf(id: string): number {
    const wanted = readHex(id);
    return wanted === null ? -1 : (this.#slots[this.#slotOf(wanted, 0)] ?? 0) - 1;
  }

  /** The row of each id of a block; those not seen before get the next rows. */
  take(rowCount: number, { bytes }: BlockColumn): Uint32Array {
    this.#reserve(this.#count + rowCount);
    const rows = new Uint32Array(rowCount);
    for (let index = 0; index < rowCount; index += 1) {
      const slot = this.#slotOf(bytes, index * idBytes);
      const known = this.#slots[slot]!;
      if (known === 0) {
        this.#bytes.set(bytes.subarray(index * idBytes, (index + 1) * idBytes), this.#count * idBytes);
        this.#count += 1;
        this.#slots[slot] = this.#count;
      }
      rows[index] = (known === 0 ? this.#count : known) - 1;
    }
    return rows;
  }

  /** The row of each id of a block; `absentRow` for an image that is not there. */
  find(rowCount: number, { bytes }: BlockColumn): Uint32Array {
    const rows = new Uint32Array(rowCount);
    for (let index = 0; index < rowCount; index += 1) {
      const known = this.#slots[this.#slotOf(bytes, index * idBytes)]!;
      rows[index] = known === 0 ? absentRow : known - 1;
    }
    return rows;
  }

  #reserve(count: number): void {
    const room = roomFor(count * idBytes, this.#bytes.length);
    if (room > this.#bytes.length) this.#bytes = grow(this.#bytes, room);
    if (count * 2 <= this.#slots.length) return;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(count * 3)));
    for (let row = 0; row < this.#count; row += 1) this.#slots[this.#slotOf(this.#bytes, row * idBytes)] = row + 1;
  }

  /** Where an id is, or would be put. */
  #slotOf(bytes: Uint8Array, start: number): number {
    const mask = this.#slots.length - 1;
    let slot =
      (bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot]!;
      if (known === 0 || this.#isAt(known - 1, bytes, start)) return slot;
    }
  }

  #isAt(row: number, bytes: Uint8Array, start: number): boolean {
    for (let byte = 0; byte < idBytes; byte += 1) {
      if (this.#bytes[row * idBytes + byte] !== bytes[start + byte]) return false;
    }
    return true;
  }
}

function grow(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(length);
  grown.set(bytes);
  return grown;
}

function readHex(id: string): Uint8Array | null {
  if (id.length !== 2 * idBytes || !/^[0-9a-f]+$/.test(id)) return null;
  return Uint8Array.from({ length: idBytes }, (_, byte) => Number.parseInt(id.slice(2 * byte, 2 * byte + 2), 16));
}
