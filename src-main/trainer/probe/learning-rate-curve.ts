import type { LearningRatePoint } from '../../../src-shared/domain/probe.ts';

/** The search raises the rate by the same factor each step, from the first to the last. */
export const searchRange = { from: 1e-7, to: 10, steps: 100 } as const;

/** The rate of a step of the search, counted from 0; the last one's after the end. */
export function rateOfSearch(stepIndex: number): number {
  const { from, to, steps } = searchRange;
  return from * (to / from) ** Math.min(1, stepIndex / (steps - 1));
}

/** Weight of what came before in the running mean of the losses; fastai's. */
const smoothing = 0.98;
/** The search ends when the smoothed loss is so many times its least. */
const divergence = 4;

/**
 * Losses of a training whose rate rises from step to step, smoothed: an exponential mean with its bias taken out, as Adam's moments.
 *
 * The range test of L. N. Smith, "Cyclical Learning Rates for Training Neural Networks" (2017), with the numbers of fastai's `lr_find`.
 */
export class LearningRateCurve {
  #mean = 0;
  #least = Number.POSITIVE_INFINITY;
  #hasDiverged = false;
  readonly #points: LearningRatePoint[] = [];

  get points(): readonly LearningRatePoint[] {
    return this.#points;
  }

  /** True when all steps are done, or the loss is so far above its least that greater rates tell nothing more. */
  get isComplete(): boolean {
    return this.#hasDiverged || this.#points.length >= searchRange.steps;
  }

  /** Takes over the next step; after the end it changes nothing. */
  add(learningRate: number, loss: number): void {
    if (this.isComplete) return;
    this.#mean = smoothing * this.#mean + (1 - smoothing) * loss;
    const smoothedLoss = this.#mean / (1 - smoothing ** (this.#points.length + 1));
    this.#points.push({ learningRate, loss, smoothedLoss });
    this.#least = Math.min(this.#least, smoothedLoss);
    this.#hasDiverged = smoothedLoss > divergence * this.#least;
  }
}

/** Rates that a person may choose; null when the curve is too short or never falls. */
export interface Suggestions {
  /** Where the smoothed loss falls fastest over the logarithm of the rate. */
  readonly steepest: number | null;
  /** Half-way through the longest valley: below where it ends, above where it has hardly begun. */
  readonly valley: number | null;
}

/** As fastai's `SuggestionMethod.Steep` and `Valley`, over the points without the first tenth of the search and the last five. */
export function suggestLearningRates(points: readonly LearningRatePoint[]): Suggestions {
  const judged = points.slice(searchRange.steps / 10, -5);
  return { steepest: steepest(judged), valley: valley(judged) };
}

function steepest(points: readonly LearningRatePoint[]): number | null {
  let best: { slope: number; rate: number } | null = null;
  for (const [index, next] of points.slice(1).entries()) {
    const here = points[index];
    if (!here) continue;
    const slope = (next.smoothedLoss - here.smoothedLoss) / (Math.log(next.learningRate) - Math.log(here.learningRate));
    if (slope < (best?.slope ?? 0)) best = { slope, rate: here.learningRate };
  }
  return best?.rate ?? null;
}

/** The longest falling subsequence of the losses stands for the valley; its middle third's middle is suggested. */
function valley(points: readonly LearningRatePoint[]): number | null {
  const losses = points.map(({ smoothedLoss }) => smoothedLoss);
  const lengths: number[] = [];
  let end = 0;
  for (const [index, loss] of losses.entries()) {
    const longest = Math.max(0, ...lengths.filter((_, earlier) => loss < (losses[earlier] ?? loss)));
    lengths.push(longest + 1);
    if (longest + 1 > (lengths[end] ?? 0)) end = index;
  }
  const length = lengths[end] ?? 0;
  if (length < 2) return null;
  const third = length / 3;
  const start = Math.max(0, end - length);
  return points[start + Math.floor(third) + Math.floor(third / 2)]?.learningRate ?? null;
}
