import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** Features of a fixed list of images, one row an image; more of them than fit into memory. */
export interface FeatureRows {
  readonly count: number;
  readonly rowLength: number;
  /** Copies the rows with these indices one below the other, into `target` where that is given. */
  gather(indices: readonly number[], target?: Float32Array): Float32Array;
}

/** Where a row's little-endian float32 lie. */
export interface RowPlace {
  /** Held, because a handle that nothing holds is closed. */
  readonly file: FileHandle;
  readonly offset: number;
}

/**
 * Rows in files. As many of the first as `residentBytes` holds stay in memory once they were read; the others are read each time.
 *
 * A training asks for all rows once an epoch and in random order: the latest are no likelier than others to be asked for next, so that
 * replacing some by others would only cost.
 */
export function openFeatureRows(places: readonly RowPlace[], rowLength: number, residentBytes: number): FeatureRows {
  const residentCount = Math.min(places.length, Math.floor(residentBytes / (rowLength * 4)));
  const resident = new Float32Array(residentCount * rowLength);
  const isRead = new Uint8Array(residentCount);

  function readRow(index: number, target: Float32Array, start: number): void {
    const place = places[index];
    if (!place) throw new Error(`No row ${index} among ${places.length}`);
    const bytes = new Uint8Array(target.buffer, target.byteOffset + start * 4, rowLength * 4);
    const count = readSync(place.file.fd, bytes, 0, bytes.length, place.offset);
    if (count !== bytes.length) throw new Error(`The features at ${place.offset} end early`);
  }

  return {
    count: places.length,
    rowLength,
    gather(indices, target) {
      const rows = target ?? new Float32Array(indices.length * rowLength);
      for (const [row, index] of indices.entries()) {
        if (index >= residentCount) {
          readRow(index, rows, row * rowLength);
          continue;
        }
        if (isRead[index] !== 1) {
          readRow(index, resident, index * rowLength);
          isRead[index] = 1;
        }
        rows.set(resident.subarray(index * rowLength, (index + 1) * rowLength), row * rowLength);
      }
      return rows;
    },
  };
}
