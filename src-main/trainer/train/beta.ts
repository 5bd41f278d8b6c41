import { drawDirichlet } from '../../../src-shared/lib/dirichlet.ts';
import type { Random } from '../../../src-shared/lib/seeded-random.ts';

/** A number from Beta(alpha, alpha), 0 … 1. */
export function drawBeta(random: Random, alpha: number): number {
  const [share = 0] = drawDirichlet(random, alpha, 2);
  return share;
}
