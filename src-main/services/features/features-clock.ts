import type { FeaturesStatus } from '../../../src-shared/domain/features.ts';

/** A guess from the first moments would jump about. */
const firstGuessMs = 1500;

/** How fast features are computed, over the whole of one job. */
export class FeaturesClock {
  readonly #nowMs: () => number;
  #left: number;
  #done = 0;
  #startedMs: number;

  constructor(imageCount: number, nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#left = imageCount;
    this.#startedMs = nowMs();
  }

  /** The images are known now, and the first is about to be read. */
  begin(imageCount: number): void {
    this.#left = imageCount;
    this.#startedMs = this.#nowMs();
  }

  /** So many more are computed, and so many are left out. */
  advance(computed: number, leftOut: number): Pick<FeaturesStatus, 'imagesPerSecond' | 'secondsLeft'> {
    this.#done += computed + leftOut;
    this.#left -= computed + leftOut;
    const elapsedMs = this.#nowMs() - this.#startedMs;
    if (elapsedMs < firstGuessMs || this.#done === 0) return { imagesPerSecond: null, secondsLeft: null };
    const imagesPerSecond = (this.#done * 1000) / elapsedMs;
    return { imagesPerSecond, secondsLeft: Math.max(0, this.#left) / imagesPerSecond };
  }
}
