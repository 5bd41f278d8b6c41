import type { Random } from '../../../src-shared/lib/seeded-random.ts';

/** A number from Beta(alpha, alpha), 0 … 1. */
export function drawBeta(random: Random, alpha: number): number {
  const [first, second] = [drawGamma(random, alpha), drawGamma(random, alpha)];
  // Both can be too small for a float where alpha is: the share then lies at one end, and either is as likely.
  return first + second === 0 ? random.integer(2) : first / (first + second);
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables", 2000; section 6 for shapes below 1. */
function drawGamma(random: Random, shape: number): number {
  if (shape < 1) return drawGamma(random, shape + 1) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
