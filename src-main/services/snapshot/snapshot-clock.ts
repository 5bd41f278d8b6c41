/** So many changes are worth a snapshot … */
const manyChanges = 200;
/** … and so long a while with fewer of them, in milliseconds. */
const longWhileMs = 10 * 60_000;
/** No sooner after the last one. */
const leastWhileMs = 2 * 60_000;
/** Taking snapshots may cost at most this share of the time. */
const mostShare = 0.01;

/** When the last snapshot was taken and what happened since. */
export interface SinceSnapshot {
  readonly changes: number;
  readonly elapsedMs: number;
  /** How long the last one took. */
  readonly costMs: number;
}

/** In how many milliseconds the next snapshot is due; null while nothing changed. */
export function dueInMs({ changes, elapsedMs, costMs }: SinceSnapshot): number | null {
  if (changes === 0) return null;
  const earliestMs = Math.max(leastWhileMs, costMs / mostShare);
  const dueMs = changes >= manyChanges ? earliestMs : Math.max(earliestMs, longWhileMs);
  return Math.max(0, dueMs - elapsedMs);
}
