import type { Certificate } from '../../../src-shared/domain/export.ts';

/** The widest decades that the plot shows; differences below the first are drawn on it (0 has no logarithm). */
const leastDecade = -9;

export interface DifferencePlot {
  /** Powers of ten from left to right. */
  readonly decades: readonly number[];
  /** Places of the images, 0 … 1 from left to right and top to bottom. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly isSameTop1: boolean }[];
  readonly limit: number;
  readonly largest: number;
}

/** Lays the differences of a certificate out on a log scale that holds all of them and the limit. */
export function layOutDifferences({ images, tolerance, maxDifference }: Certificate): DifferencePlot {
  const first = leastDecade;
  const last = Math.ceil(Math.log10(Math.max(tolerance, maxDifference))) + 1;
  const place = (difference: number): number =>
    (Math.max(first, Math.log10(Math.max(difference, Number.MIN_VALUE))) - first) / (last - first);
  return {
    decades: Array.from({ length: last - first + 1 }, (_, index) => first + index),
    points: images.map(({ difference, isSameTop1 }, index) => ({ x: place(difference), y: spread(index), isSameTop1 })),
    limit: place(tolerance),
    largest: place(maxDifference),
  };
}

/** Spreads points evenly without chance: the golden ratio's multiples, so that a picture of them is always the same. */
function spread(index: number): number {
  return (index * 0.618_033_988_75) % 1;
}
