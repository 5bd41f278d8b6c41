import { leastProbability } from '../../../src-shared/domain/evaluation.ts';
import type { HeadVerdicts } from '../../jobs/quick-head-protocol.ts';

/** Collects what a head says of rows. */
export class VerdictList {
  readonly #rows: number[] = [];
  readonly #classes: number[] = [];
  readonly #confidences: number[] = [];
  readonly #margins: number[] = [];

  /** `probabilities` is row-major [rows.length, classes.length]; `classes` names its columns. */
  add(rows: readonly number[], probabilities: Float32Array, classes: readonly number[]): void {
    const count = classes.length;
    rows.forEach((row, index) => {
      let [best, second] = [0, -1];
      const start = index * count;
      for (let column = 1; column < count; column += 1) {
        const value = probabilities[start + column]!;
        if (value > probabilities[start + best]!) [best, second] = [column, best];
        else if (second === -1 || value > probabilities[start + second]!) second = column;
      }
      const confidence = probabilities[start + best]!;
      this.#rows.push(row);
      this.#classes.push(classes[best]!);
      this.#confidences.push(fourDigits(confidence));
      this.#margins.push(fourDigits(confidence - (second === -1 ? 0 : probabilities[start + second]!)));
    });
  }

  done(): HeadVerdicts {
    return { rows: this.#rows, classes: this.#classes, confidences: this.#confidences, margins: this.#margins };
  }
}

/** −ln of each row's probability of its label, to four digits; `probabilities` is row-major [labels.length, classCount]. */
export function lossesOf(probabilities: Float32Array, labels: Int32Array, classCount: number): readonly number[] {
  return Array.from(labels, (label, row) => {
    const loss = -Math.log(Math.max(probabilities[row * classCount + label]!, leastProbability));
    return Math.round(loss * 1e4) / 1e4;
  });
}

/** Never rounded up to certainty. */
export function fourDigits(share: number): number {
  return Math.floor(share * 1e4) / 1e4;
}
