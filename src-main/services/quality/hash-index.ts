/** 64-bit hashes as two columns of unsigned words, most significant first. */
export interface Hashes {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** Called for each pair of places with the number of bits in which their hashes differ; a < b. */
export type OnPair = (a: number, b: number, distance: number) => void;

const chunkBits = 16;
const chunkCount = 64 / chunkBits;
const bucketCount = 2 ** chunkBits;

/** The number of bits that differ, 0 … 64. */
export function hammingDistance({ high, low }: Hashes, a: number, b: number): number {
  return bitCount((high[a] ?? 0) ^ (high[b] ?? 0)) + bitCount((low[a] ?? 0) ^ (low[b] ?? 0));
}

/**
 * Finds every pair of hashes that differ in at most `radius` bits, 0 … 11, each once.
 *
 * Multi-index hashing (Norouzi, Punjani and Fleet, "Fast search in Hamming space with multi-index hashing", CVPR 2012): of four chunks of
 * 16 bits, one must differ in at most ⌊radius / 4⌋ bits, so only the buckets of chunks that close are looked into. The hashes must
 * be distinct: many equal ones are a group already, and would fill a bucket.
 */
export function findPairsWithin(hashes: Hashes, radius: number, onPair: OnPair): void {
  if (radius > 11) throw new RangeError(`Expected ‹0 … 11› for ‹radius›, received ‹${radius}›`);
  const count = hashes.high.length;
  const chunkRadius = Math.floor(radius / chunkCount);
  const masks = masksWithin(chunkRadius);
  for (let chunk = 0; chunk < chunkCount; chunk += 1) {
    const index = bucketsOf(hashes, chunk);
    for (let a = 0; a < count; a += 1) {
      const own = chunkOf(hashes, a, chunk);
      for (const mask of masks) {
        const bucket = own ^ mask;
        const end = index.starts[bucket + 1] ?? 0;
        for (let at = index.starts[bucket] ?? 0; at < end; at += 1) {
          const b = index.places[at] ?? 0;
          if (b <= a) continue;
          const distance = hammingDistance(hashes, a, b);
          if (distance <= radius && !isCloseInEarlier(hashes, { a, b, chunk, chunkRadius })) onPair(a, b, distance);
        }
      }
    }
  }
}

/** A pair that is close in more than one chunk is told by the first. */
function isCloseInEarlier(
  hashes: Hashes,
  {
    a,
    b,
    chunk,
    chunkRadius,
  }: { readonly a: number; readonly b: number; readonly chunk: number; readonly chunkRadius: number },
): boolean {
  for (let earlier = 0; earlier < chunk; earlier += 1) {
    if (bitCount(chunkOf(hashes, a, earlier) ^ chunkOf(hashes, b, earlier)) <= chunkRadius) return true;
  }
  return false;
}

function chunkOf({ high, low }: Hashes, place: number, chunk: number): number {
  const word = (chunk < 2 ? high[place] : low[place]) ?? 0;
  return chunk % 2 === 0 ? word >>> chunkBits : word & (bucketCount - 1);
}

/** The places of each bucket, one after the other, ascending within a bucket. */
function bucketsOf(hashes: Hashes, chunk: number): { readonly starts: Uint32Array; readonly places: Uint32Array } {
  const count = hashes.high.length;
  const starts = new Uint32Array(bucketCount + 1);
  for (let place = 0; place < count; place += 1) {
    const after = chunkOf(hashes, place, chunk) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let bucket = 0; bucket < bucketCount; bucket += 1) {
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0);
  }
  const next = starts.slice();
  const places = new Uint32Array(count);
  for (let place = 0; place < count; place += 1) {
    const bucket = chunkOf(hashes, place, chunk);
    const at = next[bucket] ?? 0;
    places[at] = place;
    next[bucket] = at + 1;
  }
  return { starts, places };
}

/** All 16-bit words with at most `radius` bits set. */
function masksWithin(radius: number): readonly number[] {
  return Array.from({ length: bucketCount }, (_, mask) => mask).filter((mask) => bitCount(mask) <= radius);
}

/** Bits set in a 32-bit word (Warren, "Hacker's Delight", figure 5-2). */
function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  bits = (bits + (bits >>> 4)) & 0x0f0f0f0f;
  return Math.imul(bits, 0x01010101) >>> 24;
}
