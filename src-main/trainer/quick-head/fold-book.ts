import { createRandom } from '../../../src-shared/lib/seeded-random.ts';

const mostFolds = 5;

/** Labelled rows by what names them for good. */
interface LabelledRow {
  readonly key: string;
  readonly label: number;
}

/**
 * Deals labelled rows out to folds, each class evenly (stratified k-fold). A row stays in its fold when others come, so that each fold's head
 * has hardly anything to learn anew; when the number of folds changes all are dealt out again.
 */
export class FoldBook {
  readonly #seed: number | string;
  readonly #folds = new Map<string, number>();
  #count = 0;

  constructor(seed: number | string) {
    this.#seed = seed;
  }

  get count(): number {
    return this.#count;
  }

  /** The fold of each row. There are as many folds as the largest class has rows, 2 to 5. */
  assign(rows: readonly LabelledRow[]): Int32Array {
    const perClass = Map.groupBy(rows, ({ label }) => label);
    const largest = Math.max(0, ...[...perClass.values()].map(({ length }) => length));
    const count = Math.max(2, Math.min(mostFolds, largest));
    if (count !== this.#count) this.#folds.clear();
    this.#count = count;
    const totals = new Int32Array(count);
    for (const { key } of rows) {
      const fold = this.#folds.get(key);
      if (fold !== undefined) totals[fold]! += 1;
    }
    for (const ofClass of perClass.values()) this.#deal(ofClass, totals);
    return Int32Array.from(rows, ({ key }) => this.#folds.get(key)!);
  }

  /** Each new row goes where its class has fewest, and of those where there are fewest at all. */
  #deal(rows: readonly LabelledRow[], totals: Int32Array): void {
    const own = new Int32Array(this.#count);
    const fresh: string[] = [];
    for (const { key } of rows) {
      const fold = this.#folds.get(key);
      if (fold === undefined) fresh.push(key);
      else own[fold]! += 1;
    }
    const order = createRandom(`${this.#seed}/${fresh.length}`).permutation(fresh.length);
    for (const index of order) {
      let best = 0;
      for (let fold = 1; fold < this.#count; fold += 1) {
        if (own[fold]! < own[best]! || (own[fold] === own[best] && totals[fold]! < totals[best]!)) best = fold;
      }
      own[best]! += 1;
      totals[best]! += 1;
      this.#folds.set(fresh[index]!, best);
    }
  }
}
