/** Lengths of time that people say, in seconds: what an axis of durations is marked with. */
const roundSeconds = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 18_000, 36_000, 86_400] as const;

/** A logarithmic axis of durations around all that it shows. */
export interface TimeAxis {
  readonly ticks: readonly number[];
  /** Where a duration lies, 0 … 1. */
  place(seconds: number): number;
}

/** An axis from the round length below the shortest to the one above the longest; at least two of its marks are within it. */
export function timeAxis(durations: readonly number[]): TimeAxis {
  const first = roundSeconds.findLastIndex((round) => round <= Math.min(...durations));
  const last = roundSeconds.findIndex((round) => round >= Math.max(...durations));
  const from = Math.max(0, first);
  const to = last === -1 ? roundSeconds.length - 1 : Math.max(last, from + 1);
  const ticks = roundSeconds.slice(from, to + 1);
  const low = Math.log(ticks[0] ?? 1);
  const high = Math.log(ticks.at(-1) ?? 1);
  return {
    ticks,
    place: (seconds) => Math.min(1, Math.max(0, (Math.log(Math.max(seconds, 1e-3)) - low) / (high - low))),
  };
}
