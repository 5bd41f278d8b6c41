/** Where a common scale for intervals starts, 0 … 1: a round number below all of them, so that the intervals themselves are easy to read. */
export function scaleStart(intervals: readonly (readonly [number, number])[]): number {
  const lowest = Math.min(1, ...intervals.map(([low]) => low));
  return Math.max(0, Math.floor((lowest - 0.05) * 10) / 10);
}
