import { shrinkPlane, type Plane } from './shrink.ts';

/** The picture is looked at in this size, and this many of its lowest frequencies each way are kept. */
const sidePx = 32;
const kept = 8;

/**
 * The 64-bit DCT hash "pHash" of a picture as two unsigned 32-bit words, most significant first: pictures that look the same differ
 * in few bits, whatever their size, their compression and small changes of brightness.
 *
 * Luma at 32 × 32, discrete cosine transform (type II), the 8 × 8 lowest frequencies, one bit each: above their median. C. Zauner,
 * "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), as in the Python package ImageHash (`phash`).
 */
export function perceptualHash(luma: Plane): readonly [number, number] {
  const frequencies = lowFrequencies(shrinkPlane(luma, sidePx, sidePx).data);
  const sorted = frequencies.toSorted();
  const half = sorted.length / 2;
  const median = ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
  const words: [number, number] = [0, 0];
  frequencies.forEach((value, index) => {
    if (value > median) words[index < 32 ? 0 : 1] |= 1 << (31 - (index % 32));
  });
  return [words[0] >>> 0, words[1] >>> 0];
}

/** Row u, column v: vertical frequency u, horizontal frequency v. */
function lowFrequencies(pixels: Float32Array): Float64Array {
  const rows = new Float64Array(sidePx * kept);
  for (let row = 0; row < sidePx; row += 1) {
    for (let v = 0; v < kept; v += 1) {
      let sum = 0;
      for (let x = 0; x < sidePx; x += 1) sum += (pixels[row * sidePx + x] ?? 0) * (cosines[v * sidePx + x] ?? 0);
      rows[row * kept + v] = sum;
    }
  }
  const frequencies = new Float64Array(kept * kept);
  for (let u = 0; u < kept; u += 1) {
    for (let v = 0; v < kept; v += 1) {
      let sum = 0;
      for (let y = 0; y < sidePx; y += 1) sum += (rows[y * kept + v] ?? 0) * (cosines[u * sidePx + y] ?? 0);
      frequencies[u * kept + v] = sum;
    }
  }
  return frequencies;
}

const cosines = Float64Array.from({ length: kept * sidePx }, (_, index) => {
  const [frequency, position] = [Math.floor(index / sidePx), index % sidePx];
  return 2 * Math.cos((Math.PI * frequency * (2 * position + 1)) / (2 * sidePx));
});
