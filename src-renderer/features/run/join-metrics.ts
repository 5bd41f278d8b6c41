import type { Metric } from '../../../src-shared/domain/run.ts';

/**
 * Curves with what came after them.
 *
 * A run that is continued repeats what lay after its checkpoint: from where the new metrics begin, they replace the old ones.
 */
export function joinMetrics(known: readonly Metric[], added: readonly Metric[]): readonly Metric[] {
  const [first] = added;
  if (!first) return known;
  const last = known.at(-1);
  const isFurther = last === undefined || placeOf(last) < placeOf(first);
  return [...(isFurther ? known : known.filter((metric) => placeOf(metric) < placeOf(first))), ...added];
}

/** An epoch's metric stands after that of its last step. */
function placeOf({ type, step }: Metric): number {
  return step * 2 + (type === 'epoch' ? 1 : 0);
}
