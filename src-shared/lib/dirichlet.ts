import type { Random } from './seeded-random.ts';

/** Shares that sum to 1, from the symmetric Dirichlet distribution; of two, each is from Beta(alpha, alpha). */
export function drawDirichlet(random: Random, alpha: number, count: number): readonly number[] {
  const parts = Array.from({ length: count }, () => drawGamma(random, alpha));
  const sum = parts.reduce((total, part) => total + part, 0);
  if (sum > 0) return parts.map((part) => part / sum);
  // All can be too small for a float where alpha is: one then has it all, and each is as likely.
  const whole = random.integer(count);
  return parts.map((_, index) => (index === whole ? 1 : 0));
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
