/** The most memory that the process had held when it had done steps of a batch size. */
export interface MemoryPoint {
  readonly batchSize: number;
  readonly peakBytes: number;
}

/** Small enough to be tried without knowing anything. */
const firstRung = 4;

/** Batch sizes on the way to the one that is asked for, each at most twice the one before. */
export function batchLadder(batchSize: number): readonly number[] {
  const sizes = [batchSize];
  for (let size = batchSize; size > firstRung; size = sizes[0] ?? 1) sizes.unshift(Math.ceil(size / 2));
  return sizes;
}

/** How much memory batches take, from the sizes that were tried. */
export class MemoryLine {
  readonly #baseBytes: number;
  readonly #points: MemoryPoint[] = [];

  /** `baseBytes` is what the process held before the first step. */
  constructor(baseBytes: number) {
    this.#baseBytes = baseBytes;
  }

  add(point: MemoryPoint): void {
    this.#points.push(point);
  }

  /** What a batch size will take at the most; null before one was tried. */
  peakOf(batchSize: number): number | null {
    const last = this.#points.at(-1);
    return last ? last.peakBytes + this.#bytesPerImage(last) * (batchSize - last.batchSize) : null;
  }

  /** The largest batch size for which so many bytes suffice, as people write them; no less than the last one tried. */
  largestWithin(bytes: number): number {
    const last = this.#points.at(-1);
    if (!last) return 1;
    const size = last.batchSize + Math.floor((bytes - last.peakBytes) / this.#bytesPerImage(last));
    return Math.max(last.batchSize, size >= 2 * firstRung ? size - (size % firstRung) : size);
  }

  /**
   * Memory grows along a line. Its slope is no more than that from the base to a point, but where the first steps fit into room
   * that was there already, the slope between two points is the greater one and the true one.
   */
  #bytesPerImage(last: MemoryPoint): number {
    const before = this.#points.at(-2);
    const fromBase = (last.peakBytes - this.#baseBytes) / last.batchSize;
    const fromBefore = before ? (last.peakBytes - before.peakBytes) / (last.batchSize - before.batchSize) : 0;
    return Math.max(1, fromBase, fromBefore);
  }
}
