import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

/** Features in few numbers, in which distances are nearly those between the features. */
export type Projection = (row: Float32Array, target: Float32Array) => void;

/** Numbers of a projected row: distances are kept to about an eighth. */
export const projectedLength = 64;

/**
 * A very sparse random projection (Li, Hastie and Church, KDD 2006): every output is the sum of √length features with random signs. Two or
 * three thousand additions a row instead of 80,000 products.
 */
export function sparseProjection(length: number, seed: number | string): Projection {
  const random = createRandom(seed);
  const perOutput = Math.max(1, Math.round(Math.sqrt(length)));
  const places = Int32Array.from({ length: perOutput * projectedLength }, () => random.integer(length));
  const signs = Float32Array.from(places, () => (random.next() < 0.5 ? -1 : 1));
  return (row, target) => {
    for (let output = 0; output < projectedLength; output += 1) {
      let sum = 0;
      for (let at = output * perOutput; at < (output + 1) * perOutput; at += 1) sum += signs[at]! * row[places[at]!]!;
      target[output] = sum;
    }
  };
}
