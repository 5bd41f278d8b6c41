import { pickEvenly } from '../../../src-shared/lib/pick-evenly.ts';
import type { FromQuickHead, HeadVerdicts, ToQuickHead } from '../../jobs/quick-head-protocol.ts';
import { concatenate } from '../concatenate.ts';
import { chunksOf } from '../prefetch.ts';
import { findSuspects } from './find-suspects.ts';
import { fitHead, type FitOptions } from './fit-head.ts';
import { FoldBook } from './fold-book.ts';
import type { HeadBatch, HeadProducts } from './head-products.ts';
import { standardise, type HeadRows, type Spread } from './head-rows.ts';
import { cooled, toPlain, toStandardised, type KeptWeights } from './head-weights.ts';
import type { Minimum } from './minimise.ts';
import { sparseProjection } from './project-rows.ts';
import { QueueOrderer } from './queue-order.ts';
import { applyTemperature, findTemperature } from './temperature.ts';
import { fourDigits, lossesOf, VerdictList } from './verdicts.ts';

/** Beyond so many labels the head learns from an even choice of each class: 100 MB at 1,280 numbers an image. */
const mostLearned = 20_000;
const judgedAtOnce = 2048;
const seed = 'quick-head';

/**
 * λ and where it stops, for a head with so many classes: both fall with the share that one class has in the mean loss. Among 0.1 … 10 times this
 * λ it was within half a percent of the best accuracy and at or next to the least loss, on standardised features with 150 to 2,500 labels of 10
 * classes.
 */
function fitOptions(classCount: number): Omit<FitOptions, 'shouldStop'> {
  return { penalty: 1 / classCount, tolerance: 0.01 / classCount, mostIterations: 200 };
}

type LearnRequest = Extract<ToQuickHead, { readonly type: 'head-learn' }>;

export interface QuickHeadDeps {
  readonly rows: HeadRows;
  readonly openProducts: (size: { featureCount: number; classCount: number }) => Promise<HeadProducts>;
  readonly send: (message: FromQuickHead) => void;
}

/** Everything about one learning. */
interface Lesson {
  readonly request: LearnRequest;
  readonly shouldStop: () => boolean;
  readonly products: HeadProducts;
  readonly spread: Spread;
  /** Indices of the classes that have labels, which are the head's columns. */
  readonly classes: readonly number[];
  readonly classIds: readonly string[];
  /** Rows that it learns from, standardised, and labelled ones that are too many for it. */
  readonly rows: readonly number[];
  readonly batch: HeadBatch;
  readonly others: readonly number[];
  /** Without a label, outside of the test set. */
  readonly unlabelled: readonly number[];
}

/**
 * A head that learns again whenever labels change, from where it was: on all labels, then out of fold for calibration and suspects. Each
 * `learn` tells what it finds by messages and ends early when a later one has begun.
 */
export class QuickHead {
  readonly #deps: QuickHeadDeps;
  readonly #folds = new FoldBook(seed);
  readonly #orderer: QueueOrderer;
  #products: HeadProducts | null = null;
  #spread: { readonly spread: Spread; readonly knownRows: number } | null = null;
  #kept: KeptWeights | null = null;
  #foldWeights: (KeptWeights | null)[] = [];
  #temperature = 1;

  constructor(deps: QuickHeadDeps) {
    this.#deps = deps;
    this.#orderer = new QueueOrderer(deps.rows, sparseProjection(deps.rows.rowLength, seed));
  }

  async learn(request: LearnRequest, shouldStop: () => boolean): Promise<void> {
    const startedMs = performance.now();
    const lesson = await this.#prepare(request, shouldStop);
    if (!lesson) {
      this.#deps.send({ type: 'head-idle', id: request.id });
      return;
    }
    const { products, spread, classIds, batch, rows } = lesson;
    const fit = await fitHead(products, batch, toStandardised(this.#kept, spread, classIds), {
      ...fitOptions(classIds.length),
      shouldStop,
    });
    this.#kept = { classIds, weights: toPlain(fit.point, spread, products.size) };
    if (fit.isStopped) return;
    const seconds = (performance.now() - startedMs) / 1000;
    const suggestions = await this.#suggest(lesson);
    const test = suggestions && (await this.#judgeTest(lesson));
    if (!suggestions || test === undefined) return;
    const { iterations } = fit;
    this.#deps.send({
      type: 'head-learned',
      ...{ id: request.id, rowCount: rows.length, seconds, iterations, suggestions, test },
    });
    const orders = await this.#orderer.order(suggestions, rows, shouldStop);
    if (!orders) return;
    this.#deps.send({ type: 'head-queued', id: request.id, ...orders });
    await this.#validate(lesson);
  }

  /** Calibrated probabilities of a row for each of `classCount` classes by the latest weights; null where there are none. */
  async ask(row: number, classIds: readonly string[]): Promise<readonly number[] | null> {
    const kept = this.#kept;
    if (!kept || !this.#products || !this.#deps.rows.has(row)) return null;
    const products = this.#products;
    if (products.size.classCount !== kept.classIds.length) return null;
    const features = await this.#deps.rows.read([row]);
    const shares = await products.probabilities(1, features, cooled(kept.weights, this.#temperature));
    return classIds.map((id) => {
      const column = kept.classIds.indexOf(id);
      return column === -1 ? 0 : fourDigits(shares[column]!);
    });
  }

  async close(): Promise<void> {
    await this.#products?.dispose();
  }

  /** Null with too few labels: two classes need two each. */
  async #prepare(request: LearnRequest, shouldStop: () => boolean): Promise<Lesson | null> {
    const { rows } = this.#deps;
    const { labels, classIds } = request;
    const tests = new Set(request.tests);
    const learnable = labels.flatMap((label, row) => (label >= 0 && !tests.has(row) && rows.has(row) ? [row] : []));
    const byClass = Map.groupBy(learnable, (row) => labels[row]!);
    if ([...byClass.values()].filter((ofClass) => ofClass.length >= 2).length < 2) return null;
    const classes = [...byClass.keys()].sort((a, b) => a - b);
    const columns = new Map(classes.map((index, column) => [index, column]));
    const perClass = Math.max(1, Math.floor(mostLearned / classes.length));
    const isMany = learnable.length > mostLearned;
    const chosen = isMany
      ? [...byClass.values()].flatMap((ofClass) => pickEvenly(ofClass, perClass)).sort((a, b) => a - b)
      : learnable;
    const isChosen = new Set(chosen);
    const spread = await this.#measuredSpread(labels.length);
    const features = await rows.read(chosen);
    standardise(features, spread);
    const shares = new Float32Array(chosen.length).fill(1 / chosen.length);
    return {
      ...{ request, shouldStop, spread, classes },
      classIds: classes.map((index) => classIds[index]!),
      products: await this.#productsFor(classes.length),
      rows: chosen,
      batch: {
        ...{ count: chosen.length, features, shares },
        labels: Int32Array.from(chosen, (row) => columns.get(labels[row]!)!),
      },
      others: isMany ? learnable.filter((row) => !isChosen.has(row)) : [],
      unlabelled: labels.flatMap((label, row) => (label < 0 && !tests.has(row) && rows.has(row) ? [row] : [])),
    };
  }

  /** Measured anew when there are twice as many images. */
  async #measuredSpread(knownRows: number): Promise<Spread> {
    if (this.#spread && knownRows < this.#spread.knownRows * 2) return this.#spread.spread;
    this.#spread = { spread: await this.#deps.rows.measureSpread(), knownRows };
    return this.#spread.spread;
  }

  async #productsFor(classCount: number): Promise<HeadProducts> {
    if (this.#products?.size.classCount === classCount) return this.#products;
    await this.#products?.dispose();
    this.#products = await this.#deps.openProducts({ featureCount: this.#deps.rows.rowLength, classCount });
    return this.#products;
  }

  /** What the latest weights say of the unlabelled rows; null when it should stop. */
  async #suggest(lesson: Lesson): Promise<HeadVerdicts | null> {
    const verdicts = new VerdictList();
    const isDone = await this.#judge(lesson, lesson.unlabelled, (rows, probabilities) =>
      verdicts.add(rows, probabilities, lesson.classes),
    );
    return isDone ? verdicts.done() : null;
  }

  /** Undefined when it should stop. */
  async #judgeTest(lesson: Lesson): Promise<{ correct: number; total: number } | null | undefined> {
    const { labels, tests } = lesson.request;
    const judged = tests.filter((row) => labels[row]! >= 0 && this.#deps.rows.has(row));
    if (judged.length === 0) return null;
    let correct = 0;
    const isDone = await this.#judge(lesson, judged, (rows, probabilities) => {
      const verdicts = new VerdictList();
      verdicts.add(rows, probabilities, lesson.classes);
      const { classes } = verdicts.done();
      correct += rows.filter((row, index) => classes[index] === labels[row]).length;
    });
    return isDone ? { correct, total: judged.length } : undefined;
  }

  /** False when it should stop. */
  async #judge(
    { products, shouldStop }: Lesson,
    rows: readonly number[],
    take: (rows: readonly number[], probabilities: Float32Array) => void,
  ): Promise<boolean> {
    const weights = cooled(this.#kept!.weights, this.#temperature);
    for (const chunk of chunksOf(rows, judgedAtOnce)) {
      const features = await this.#deps.rows.read(chunk);
      take(chunk, await products.probabilities(chunk.length, features, weights));
      if (shouldStop()) return false;
    }
    return true;
  }

  async #validate(lesson: Lesson): Promise<void> {
    const { request, classes, batch, rows, others } = lesson;
    const keys = rows.map((row, index) => ({ key: this.#deps.rows.imageId(row), label: batch.labels[index]! }));
    const folds = this.#folds.assign(keys);
    const probabilities = await this.#outOfFold(lesson, folds);
    if (!probabilities) return;
    const labels = [...batch.labels];
    const parts = [probabilities];
    // The head on all chosen rows has not learned from these either.
    const before = this.#temperature;
    this.#temperature = 1;
    const isDone = await this.#judge(lesson, others, (_rows, values) => void parts.push(values));
    this.#temperature = before;
    if (!isDone) return;
    const columns = new Map(classes.map((index, column) => [index, column]));
    labels.push(...others.map((row) => columns.get(request.labels[row]!)!));
    const all = concatenate(parts);
    const allRows = [...rows, ...others];
    const allLabels = Int32Array.from(labels);
    const temperature = findTemperature(all, allLabels);
    applyTemperature(all, classes.length, temperature);
    this.#temperature = temperature;
    const suggestions = await this.#suggest(lesson);
    if (!suggestions) return;
    const outOfFold = new VerdictList();
    outOfFold.add(allRows, all, classes);
    this.#deps.send({
      type: 'head-validated',
      ...{ id: request.id, foldCount: this.#folds.count, temperature, outOfFold: outOfFold.done(), suggestions },
      losses: lossesOf(all, allLabels, classes.length),
      suspects: findSuspects(all, allLabels, classes.length).map(({ index, likely, givenShare, likelyShare }) => ({
        row: allRows[index]!,
        given: classes[allLabels[index]!]!,
        likely: classes[likely]!,
        givenShare: fourDigits(givenShare),
        likelyShare: fourDigits(likelyShare),
      })),
    });
  }

  /** Row-major probabilities of each row by the head of the folds that it is not in; null when it should stop. */
  async #outOfFold(lesson: Lesson, folds: Int32Array): Promise<Float32Array | null> {
    const { products, batch, spread, classIds, shouldStop } = lesson;
    const { classCount } = products.size;
    const result = new Float32Array(batch.count * classCount);
    for (let fold = 0; fold < this.#folds.count; fold += 1) {
      const fit = await this.#fitFold(lesson, folds, fold);
      if (fit.isStopped) return null;
      this.#foldWeights[fold] = { classIds, weights: toPlain(fit.point, spread, products.size) };
      const all = await products.probabilities(batch.count, batch.features, fit.point);
      folds.forEach((own, row) => {
        if (own === fold) result.set(all.subarray(row * classCount, (row + 1) * classCount), row * classCount);
      });
      if (shouldStop()) return null;
    }
    return result;
  }

  #fitFold(lesson: Lesson, folds: Int32Array, fold: number): Promise<Minimum> {
    const { products, batch, spread, classIds, shouldStop } = lesson;
    const learned = folds.reduce((count, own) => count + (own === fold ? 0 : 1), 0);
    const shares = Float32Array.from(folds, (own) => (own === fold ? 0 : 1 / Math.max(1, learned)));
    // Never from the weights of all rows, which have seen what is held out.
    const start = toStandardised(this.#foldWeights[fold] ?? null, spread, classIds);
    return fitHead(products, { ...batch, shares }, start, { ...fitOptions(classIds.length), shouldStop });
  }
}
