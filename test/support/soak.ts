import { createRandom, type Random } from '../../src-shared/lib/seeded-random.ts';

/** True in `npm run soak`, where the suites of test/unit/reliability run at their full length. */
export const isSoak = process.env['GRAFT_SOAK'] === '1';

/** How often something is done: a few times in `npm test`, or as often as the reliability table says in the soak. */
export function times(short: number, full: number): number {
  return isSoak ? full : short;
}

/** Chance, with its seed named so that a failure can be had again. */
export function namedRandom(name: string): Random {
  const seed = process.env['GRAFT_SOAK_SEED'] ?? name;
  return createRandom(seed);
}

/** A figure for bench/README.md; silent in `npm test`. */
export function note(words: string): void {
  if (isSoak) console.log(`figure: ${words}`);
}

/** No soak takes longer, in milliseconds. */
export const soakTimeoutMs = isSoak ? 4 * 3600_000 : 60_000;
