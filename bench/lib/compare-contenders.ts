import type { Contender } from './contender.ts';

export interface Comparison {
  readonly title: string;
  /** The first is Graft's; the others are compared with it. */
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  readonly stepsPerRound: number;
  /** Given where a step is a pass over images: their number. */
  readonly imagesPerStep?: number;
}

/**
 * Lets the contenders take turns and prints a line each: seconds a step, and how many times Graft's time that is.
 *
 * CPU time is that of all processes and threads of a contender: what counts where others use the machine.
 *
 * A ratio is taken within a round, where both met the same machine; shown is the median of the rounds with the least and the greatest.
 */
export async function compareContenders(comparison: Comparison): Promise<void> {
  const { title, contenders, rounds, stepsPerRound, imagesPerStep } = comparison;
  const medians = contenders.map((): number[] => []);
  const cpu = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const before = contender.cpuSeconds() ?? Number.NaN;
      medians[index]?.push(medianOf(await contender.run(stepsPerRound)));
      cpu[index]?.push(((contender.cpuSeconds() ?? Number.NaN) - before) / stepsPerRound);
    }
  }
  const [own = []] = medians;
  const [ownCpu = []] = cpu;
  for (const [index, contender] of contenders.entries()) {
    const seconds = medians[index] ?? [];
    const compared = index === 0 ? '' : `, ${times(seconds, own)} times Graft's`;
    const cpuSeconds = cpu[index] ?? [];
    const cpuCompared = index === 0 ? '' : `, ${times(cpuSeconds, ownCpu)} times`;
    // A program starts with its parent's peak, and a benchmark that made pictures has a high one.
    const figure =
      imagesPerStep === undefined
        ? `, peak memory ${(contender.peakMemoryBytes / 1e9).toFixed(2)} GB`
        : `, ${(imagesPerStep / medianOf(seconds)).toFixed(0)} images/s`;
    console.log(
      `${title}: ${contender.name} ${medianOf(seconds).toFixed(3)} s${compared}${figure}; CPU time ${medianOf(cpuSeconds).toFixed(3)} s${cpuCompared}`,
    );
  }
}

/** Median, least and greatest of the ratios within a round. */
function times(others: readonly number[], own: readonly number[]): string {
  const ratios = others.map((value, round) => value / (own[round] ?? Number.NaN)).toSorted((a, b) => a - b);
  return `${medianOf(ratios).toFixed(2)} (${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)})`;
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
