import { pickEvenly } from '../../../src-shared/lib/pick-evenly.ts';
import type { HeadVerdicts } from '../../jobs/quick-head-protocol.ts';
import { chunksOf } from '../prefetch.ts';
import { farthestFirst } from './farthest-first.ts';
import type { HeadRows } from './head-rows.ts';
import { projectedLength, type Projection } from './project-rows.ts';

/** So many are put in order by what they look like; whoever labels them brings about a new order. */
const queueLength = 100;
/** Of how many the diverse ones are picked, and how many of the labelled ones they must be unlike. */
const mostCandidates = 20_000;
const mostCentres = 1000;
/** Mixed: of this many times as many as are picked, the least sure ones. */
const unsurePool = 10;
const readAtOnce = 1024;

export interface QueueOrders {
  readonly unsure: readonly number[];
  readonly diverse: readonly number[];
  readonly mixed: readonly number[];
}

/** Keeps the projections of rows, which never change. */
export class QueueOrderer {
  readonly #rows: HeadRows;
  readonly #project: Projection;
  readonly #points = new Map<string, Float32Array>();

  constructor(rows: HeadRows, project: Projection) {
    this.#rows = rows;
    this.#project = project;
  }

  /**
   * Unsure: least margin between the two likeliest classes first. Diverse: unlike everything labelled and each other (k-center greedy on the
   * features). Mixed: the same among the least sure ones. Null when it should stop.
   */
  async order(
    suggestions: HeadVerdicts,
    labelled: readonly number[],
    shouldStop: () => boolean,
  ): Promise<QueueOrders | null> {
    const byMargin = suggestions.rows
      .map((row, index) => ({ row, margin: suggestions.margins[index]! }))
      .sort((a, b) => a.margin - b.margin || a.row - b.row)
      .map(({ row }) => row);
    const centres = await this.#pointsOf(pickEvenly(labelled, mostCentres), shouldStop);
    const pool = pickEvenly(suggestions.rows, mostCandidates);
    const unsure = byMargin.slice(0, queueLength * unsurePool);
    const [allPoints, unsurePoints] = [
      await this.#pointsOf(pool, shouldStop),
      await this.#pointsOf(unsure, shouldStop),
    ];
    if (!centres || !allPoints || !unsurePoints) return null;
    const pick = (points: Float32Array, rows: readonly number[]): readonly number[] =>
      farthestFirst({ points, centres, length: projectedLength }, queueLength).map((index) => rows[index]!);
    return {
      unsure: byMargin.slice(0, queueLength),
      diverse: pick(allPoints, pool),
      mixed: pick(unsurePoints, unsure),
    };
  }

  /** Null when it should stop. */
  async #pointsOf(rows: readonly number[], shouldStop: () => boolean): Promise<Float32Array | null> {
    const missing = rows.filter((row) => !this.#points.has(this.#rows.imageId(row)));
    for (const chunk of chunksOf(missing, readAtOnce)) {
      const values = await this.#rows.read(chunk);
      if (shouldStop()) return null;
      const { rowLength } = this.#rows;
      chunk.forEach((row, index) => {
        const point = new Float32Array(projectedLength);
        this.#project(values.subarray(index * rowLength, (index + 1) * rowLength), point);
        this.#points.set(this.#rows.imageId(row), point);
      });
    }
    const points = new Float32Array(rows.length * projectedLength);
    rows.forEach((row, index) => points.set(this.#points.get(this.#rows.imageId(row))!, index * projectedLength));
    return points;
  }
}
