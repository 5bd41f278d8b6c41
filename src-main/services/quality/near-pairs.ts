import { findPairsWithin, type Hashes } from './hash-index.ts';

/** Pictures by place: hashes, and their sketches one after the other. */
export interface PictureColumns {
  readonly hashes: Hashes;
  /** `sketchBytes` values a picture. */
  readonly sketches: Uint8Array;
  readonly sketchBytes: number;
}

/** Two pictures that look the same, by place, a < b; `distance` is the bits in which their hashes differ. */
export interface NearPair {
  readonly a: number;
  readonly b: number;
  readonly distance: number;
}

/** Hashes that differ in more bits are of different pictures; recompressed and resized copies differ in 0 … 6. */
const mostBits = 10;
/** Least correlation of two sketches; copies have 0.99 and more, different pictures with close hashes mostly less than 0.95. */
const leastCorrelation = 0.98;
/** Sketches with a smaller standard deviation (grey levels) are of one colour: there the difference counts, not the correlation. */
const flatDeviation = 3;
/** Of pictures with the very same hash, so many different ones are told apart; the others are taken as the first. */
const mostOfOneHash = 16;

/**
 * Finds pictures that look the same: hashes in at most ten bits apart, and sketches that correlate.
 *
 * Pictures of equal hash are tied to the first that they look like, so a thousand copies are a thousand pairs and not half a million.
 */
export function findNearPairs(pictures: PictureColumns): readonly NearPair[] {
  const pairs: NearPair[] = [];
  const firsts = new Map<string, number[]>();
  const { hashes } = pictures;
  for (let place = 0; place < hashes.high.length; place += 1) {
    const key = `${hashes.high[place]},${hashes.low[place]}`;
    const same = firsts.get(key);
    if (!same) firsts.set(key, [place]);
    else {
      const first = same.find((one) => looksAlike(pictures, one, place));
      if (first !== undefined) pairs.push({ a: first, b: place, distance: 0 });
      else if (same.length < mostOfOneHash) same.push(place);
    }
  }
  const groups = [...firsts.values()];
  const distinct: Hashes = {
    high: Uint32Array.from(groups, ([first = 0]) => hashes.high[first] ?? 0),
    low: Uint32Array.from(groups, ([first = 0]) => hashes.low[first] ?? 0),
  };
  findPairsWithin(distinct, mostBits, (one, other, distance) => {
    for (const a of groups[one] ?? []) {
      for (const b of groups[other] ?? []) {
        if (looksAlike(pictures, a, b)) pairs.push({ a: Math.min(a, b), b: Math.max(a, b), distance });
      }
    }
  });
  return pairs;
}

/** The second measure: correlation of the sketches over all their values, or their mean difference where they are flat. */
function looksAlike({ sketches, sketchBytes }: PictureColumns, a: number, b: number): boolean {
  const [startA, startB] = [a * sketchBytes, b * sketchBytes];
  let [sumA, sumB, squaresA, squaresB, products, difference] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < sketchBytes; at += 1) {
    const valueA = sketches[startA + at] ?? 0;
    const valueB = sketches[startB + at] ?? 0;
    sumA += valueA;
    sumB += valueB;
    squaresA += valueA * valueA;
    squaresB += valueB * valueB;
    products += valueA * valueB;
    difference += Math.abs(valueA - valueB);
  }
  const varianceA = squaresA / sketchBytes - (sumA / sketchBytes) ** 2;
  const varianceB = squaresB / sketchBytes - (sumB / sketchBytes) ** 2;
  if (Math.min(varianceA, varianceB) < flatDeviation ** 2) return difference / sketchBytes < flatDeviation;
  const covariance = products / sketchBytes - (sumA / sketchBytes) * (sumB / sketchBytes);
  return covariance / Math.sqrt(varianceA * varianceB) >= leastCorrelation;
}
