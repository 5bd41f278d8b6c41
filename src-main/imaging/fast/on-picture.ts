import { findBorrowed, takeResult, withKernels, type Kernels } from '../assembly/kernel-instance.ts';
import type { ImageSize, RgbImage } from '../kernels/rgb-image.ts';

/** Larger pictures would hold much memory; they are left to the kernels in TypeScript. */
const mostPixels = 6e6;
/** Kernels read and write in sixteens, and may touch what lies behind. */
const margin = 64;

/** A picture in the memory of the kernels, and room beside it. */
export interface Places {
  readonly kernels: Kernels;
  readonly heap: Uint8Array;
  readonly source: number;
  /** Where a kernel writes that reads from here: as large as the largest of source, result and what is between, and never the source. */
  readonly other: (address: number) => number;
  /** `scratchBytes` for whatever else is needed. */
  readonly scratch: number;
}

/** True for pictures that `onPicture` takes. */
export function isFast(...sizes: readonly ImageSize[]): boolean {
  return sizes.every(({ width, height }) => width * height <= mostPixels);
}

/** What `onPicture` is to make, and what it needs for that. */
export interface Room {
  readonly size: ImageSize;
  /** The largest picture on the way, where that is larger than source and result. */
  readonly largest?: ImageSize;
  readonly scratchBytes?: number;
}

/** Runs kernels on the picture; `run` answers where the result lies, which is not the source. */
export function onPicture(
  image: RgbImage,
  { size, largest = size, scratchBytes = 0 }: Room,
  run: (places: Places) => number,
): RgbImage {
  const most = Math.max(image.data.length, ...[size, largest].map(({ width, height }) => width * height * 3));
  const bytes = (most + margin + 15) & ~15;
  return withKernels(3 * bytes + scratchBytes + margin, (kernels, base) => {
    const heap = new Uint8Array(kernels.memory.buffer);
    const borrowed = findBorrowed(kernels, image.data);
    const [first, second] = [base, base + bytes];
    const source = borrowed ?? base + 2 * bytes;
    if (borrowed === null) heap.set(image.data, source);
    const other = (address: number): number => (address === first ? second : first);
    const result = run({ kernels, heap, source, other, scratch: base + 3 * bytes });
    return { ...size, data: takeResult(kernels, result, size.width * size.height * 3) };
  });
}
