import type { RgbImage } from '../kernels/rgb-image.ts';

/** One channel of a picture, row by row; values 0 … 255, not rounded. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Luma by ITU-R BT.601, as PIL's mode L has it: 0.299 R + 0.587 G + 0.114 B. */
export function lumaPlane({ width, height, data }: RgbImage): Plane {
  const luma = new Float32Array(width * height);
  for (let pixel = 0, offset = 0; pixel < luma.length; pixel += 1, offset += 3) {
    luma[pixel] = 0.299 * (data[offset] ?? 0) + 0.587 * (data[offset + 1] ?? 0) + 0.114 * (data[offset + 2] ?? 0);
  }
  return { width, height, data: luma };
}

/**
 * A plane of exactly this size, whatever the shape of the original: each value is the mean over the area that it
 * covers, pixels at the edge counted by the part of them that lies inside. A smaller original is spread out.
 */
export function shrinkPlane(plane: Plane, width: number, height: number): Plane {
  return shrinkRows(shrinkColumns(plane, width), height);
}

function shrinkColumns({ width, height, data }: Plane, target: number): Plane {
  const shrunk = new Float32Array(target * height);
  for (const { index, from, weights } of windows(width, target)) {
    for (let row = 0; row < height; row += 1) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap += 1)
        sum += (weights[tap] ?? 0) * (data[row * width + from + tap] ?? 0);
      shrunk[row * target + index] = sum;
    }
  }
  return { width: target, height, data: shrunk };
}

function shrinkRows({ width, height, data }: Plane, target: number): Plane {
  const shrunk = new Float32Array(width * target);
  for (const { index, from, weights } of windows(height, target)) {
    for (let column = 0; column < width; column += 1) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap += 1)
        sum += (weights[tap] ?? 0) * (data[(from + tap) * width + column] ?? 0);
      shrunk[index * width + column] = sum;
    }
  }
  return { width, height: target, data: shrunk };
}

interface Window {
  readonly index: number;
  readonly from: number;
  /** Sum 1. */
  readonly weights: readonly number[];
}

function windows(length: number, target: number): readonly Window[] {
  const step = length / target;
  return Array.from({ length: target }, (_, index) => {
    const [start, end] = [index * step, (index + 1) * step];
    const from = Math.min(length - 1, Math.floor(start));
    const to = Math.max(from + 1, Math.min(length, Math.ceil(end - 1e-9)));
    const covered = Array.from(
      { length: to - from },
      (__, tap) => Math.min(end, from + tap + 1) - Math.max(start, from + tap),
    );
    return { index, from, weights: covered.map((part) => part / step) };
  });
}
