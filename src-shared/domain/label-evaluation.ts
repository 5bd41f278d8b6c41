import * as v from 'valibot';
import { createRandom } from '../lib/seeded-random.ts';
import { averagePrecision, meanAveragePrecision, rankScores, type RankedScores } from './average-precision.ts';
import { splitSchema } from './dataset.ts';
import { leastProbability } from './evaluation.ts';
import { imageIdSchema } from './ids.ts';
import { presenceThreshold } from './labelling.ts';
import { runClassSchema, type LabelPrediction, type RunClass } from './run.ts';

const fraction = v.number();
const interval = v.pipe(v.tuple([fraction, fraction]), v.readonly());

/** One class of a multi-label run. Precision, recall and F1 are those of `threshold`; 0 where the denominator is 0. */
export const labelScoreSchema = v.pipe(
  v.strictObject({
    class: v.string(),
    /** Null where no judged image has the class. */
    averagePrecision: v.nullable(fraction),
    /** 95 %, from resampled images. */
    interval: v.nullable(interval),
    precision: fraction,
    recall: fraction,
    f1: fraction,
    /** Images that have the class, and images that are said to have it. */
    support: v.number(),
    predicted: v.number(),
  }),
  v.readonly(),
);
export type LabelScore = v.InferOutput<typeof labelScoreSchema>;

/** One judged image; its classes by their places in the run. */
export const judgedLabelsSchema = v.pipe(
  v.strictObject({
    imageId: imageIdSchema,
    labels: v.pipe(v.array(v.number()), v.readonly()),
    predicted: v.pipe(v.array(v.number()), v.readonly()),
    /** Of every class of the run, 0 … 1. */
    probabilities: v.pipe(v.array(fraction), v.readonly()),
    /** Mean binary cross-entropy over the classes, in nats. */
    loss: v.number(),
  }),
  v.readonly(),
);
export type JudgedLabels = v.InferOutput<typeof judgedLabelsSchema>;

/** How a multi-label run does on one split. */
export const labelEvaluationSchema = v.pipe(
  v.strictObject({
    split: splitSchema,
    classes: v.pipe(v.array(runClassSchema), v.readonly()),
    /** A class is said to be there from this probability on. */
    threshold: fraction,
    /** The mean over classes. */
    meanAveragePrecision: fraction,
    /** 95 %, from resampled images. */
    interval,
    /** Over all decisions together, and the mean over classes that an image has. */
    microF1: fraction,
    macroF1: fraction,
    /** Share of the images whose classes are exactly those that are said. */
    exactMatch: fraction,
    loss: v.number(),
    perClass: v.pipe(v.array(labelScoreSchema), v.readonly()),
    images: v.pipe(v.array(judgedLabelsSchema), v.readonly()),
  }),
  v.readonly(),
);
export type LabelEvaluation = v.InferOutput<typeof labelEvaluationSchema>;

/** What the whole of a split comes to. */
type LabelFigures = Pick<LabelEvaluation, 'meanAveragePrecision' | 'microF1' | 'macroF1' | 'exactMatch' | 'loss'>;

type Judged = Parameters<typeof evaluateLabels>;

/** Judges predictions of one split. The intervals take seconds where images and classes are many. */
export function evaluateLabels(
  predictions: readonly LabelPrediction[],
  classes: readonly RunClass[],
  split: LabelEvaluation['split'],
): LabelEvaluation {
  const { figures, averages, counts, columns, images } = measure(predictions, classes, split);
  const spread = resample(columns, images.length);
  const perClass = classes.map(({ name }, index): LabelScore => {
    const { right = 0, support = 0, predicted = 0 } = counts[index] ?? {};
    return {
      class: name,
      averagePrecision: averages[index] ?? null,
      interval: averages[index] == null ? null : rangeOf(spread.map(({ perClass: drawn }) => drawn[index] ?? null)),
      ...scores({ right, support, predicted }),
      support,
      predicted,
    };
  });
  const interval = rangeOf(spread.map(({ mean }) => mean)) ?? [0, 1];
  return { split, classes, threshold: presenceThreshold, ...figures, interval, perClass, images };
}

/** The figures of `evaluateLabels` without an interval, at once, and over how many images. */
export function summarizeLabels(...judged: Judged): LabelFigures & { readonly total: number } {
  const { figures, images } = measure(...judged);
  return { ...figures, total: images.length };
}

function measure(...[predictions, classes, split]: Judged) {
  const images = predictions.filter((prediction) => prediction.split === split).map(judge);
  const columns = classes.map((_, index) => columnOf(images, index));
  const averages = columns.map(({ ranked, isPositive }) => averagePrecision(ranked, isPositive));
  const counts = columns.map(countDecisions);
  const total = (of: (one: Decisions) => number): number => counts.reduce((sum, one) => sum + of(one), 0);
  const figures: LabelFigures = {
    meanAveragePrecision: meanAveragePrecision(averages),
    microF1: scores({
      right: total(({ right }) => right),
      support: total(({ support }) => support),
      predicted: total(({ predicted }) => predicted),
    }).f1,
    macroF1: meanOf(counts.filter(({ support }) => support > 0).map((one) => scores(one).f1)),
    exactMatch: meanOf(images.map(({ labels, predicted }) => (isSame(labels, predicted) ? 1 : 0))),
    loss: meanOf(images.map(({ loss }) => loss)),
  };
  return { figures, averages, counts, columns, images };
}

function judge({ imageId, labels, probabilities }: LabelPrediction): JudgedLabels {
  const has = new Set(labels);
  const losses = probabilities.map(
    (probability, index) => -Math.log(Math.max(leastProbability, has.has(index) ? probability : 1 - probability)),
  );
  const predicted = probabilities.flatMap((probability, index) => (probability >= presenceThreshold ? [index] : []));
  return { imageId, labels, predicted, probabilities, loss: meanOf(losses) };
}

interface ClassColumn {
  readonly ranked: RankedScores;
  readonly isPositive: Uint8Array;
  readonly isPredicted: Uint8Array;
}

function columnOf(images: readonly JudgedLabels[], index: number): ClassColumn {
  return {
    ranked: rankScores(images.map(({ probabilities }) => probabilities[index] ?? 0)),
    isPositive: Uint8Array.from(images, ({ labels }) => (labels.includes(index) ? 1 : 0)),
    isPredicted: Uint8Array.from(images, ({ predicted }) => (predicted.includes(index) ? 1 : 0)),
  };
}

interface Decisions {
  readonly right: number;
  readonly support: number;
  readonly predicted: number;
}

function countDecisions({ isPositive, isPredicted }: ClassColumn): Decisions {
  const count = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0);
  const right = isPositive.reduce((sum, value, place) => sum + value * (isPredicted[place] ?? 0), 0);
  return { right, support: count(isPositive), predicted: count(isPredicted) };
}

function scores({ right, support, predicted }: Decisions): Pick<LabelScore, 'precision' | 'recall' | 'f1'> {
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    precision: share(right, predicted),
    recall: share(right, support),
    f1: share(2 * right, support + predicted),
  };
}

interface Drawn {
  readonly mean: number;
  readonly perClass: readonly (number | null)[];
}

const drawCount = 400;

/** The percentile bootstrap (Efron and Tibshirani 1993): as many images drawn with replacement, again and again; the same draws each time. */
function resample(columns: readonly ClassColumn[], imageCount: number): readonly Drawn[] {
  const random = createRandom('label-evaluation');
  return Array.from({ length: imageCount === 0 ? 0 : drawCount }, () => {
    const counts = new Uint16Array(imageCount);
    for (let drawn = 0; drawn < imageCount; drawn += 1) {
      const place = random.integer(imageCount);
      counts[place] = (counts[place] ?? 0) + 1;
    }
    const perClass = columns.map(({ ranked, isPositive }) => averagePrecision(ranked, isPositive, counts));
    return { perClass, mean: meanAveragePrecision(perClass) };
  });
}

/** From the 2.5th to the 97.5th of a hundred. */
function rangeOf(values: readonly (number | null)[]): readonly [number, number] | null {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return sorted.length === 0 ? null : [at(0.025), at(0.975)];
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value) => b.includes(value));
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
