import type { Comparison } from '../../../src-shared/contract/run.contract.ts';
import type { Split } from '../../../src-shared/domain/dataset.ts';
import { evaluate, type Evaluation, type JudgedImage } from '../../../src-shared/domain/evaluation.ts';
import type { EpochMetric, Metric, Prediction, RunRecord } from '../../../src-shared/domain/run.ts';
import { differingSettings } from './run-settings.ts';

/** Everything that is known about one run. */
export interface JudgedRun {
  readonly record: RunRecord;
  readonly metrics: readonly Metric[];
  readonly predictions: readonly Prediction[];
}

/** What differs between two runs: settings, figures, and the images that one gets right and the other wrong. */
export function compareRuns(a: JudgedRun, b: JudgedRun): Comparison {
  const split = commonSplit(a, b);
  const evaluationA = split && evaluate(a.predictions, a.record.classes, split);
  const evaluationB = split && evaluate(b.predictions, b.record.classes, split);
  const pairs = evaluationA && evaluationB ? pairImages(evaluationA, evaluationB) : [];
  const fixed = pairs.filter((pair) => !pair.isRightInA && pair.isRightInB).map(({ imageId }) => imageId);
  const broken = pairs.filter((pair) => pair.isRightInA && !pair.isRightInB).map(({ imageId }) => imageId);
  const isSameImages =
    pairs.length > 0 && pairs.length === evaluationA?.images.length && pairs.length === evaluationB?.images.length;
  return {
    a: a.record.id,
    b: b.record.id,
    differences: [...differingSettings(a.record, b.record)],
    metrics: compareFigures(figures(a, evaluationA), figures(b, evaluationB)),
    split,
    accuracyInterval: isSameImages ? pairedDifferenceInterval(fixed.length, broken.length, pairs.length) : null,
    fixed,
    broken,
  };
}

/**
 * 95 % interval of the difference of two accuracies over the same images.
 *
 * Only the images on which the runs disagree count, as in McNemar's test. Wald's interval with half an image added to
 * each of the four cells: Agresti and Min, "Simple improved confidence intervals for comparing matched proportions",
 * Statistics in Medicine 24 (2005), 729–740.
 */
export function pairedDifferenceInterval(fixed: number, broken: number, total: number): readonly [number, number] {
  const z = 1.959963984540054;
  const count = total + 2;
  const gained = fixed + 0.5;
  const lost = broken + 0.5;
  const difference = (gained - lost) / count;
  const standardError = Math.sqrt(gained + lost - (gained - lost) ** 2 / count) / count;
  return [Math.max(-1, difference - z * standardError), Math.min(1, difference + z * standardError)];
}

/** Test, else validation: the split that both runs were judged on. */
function commonSplit(a: JudgedRun, b: JudgedRun): Split | null {
  const has = (run: JudgedRun, split: Split): boolean => run.predictions.some((one) => one.split === split);
  return (['test', 'validation'] as const).find((split) => has(a, split) && has(b, split)) ?? null;
}

interface Pair {
  readonly imageId: JudgedImage['imageId'];
  readonly isRightInA: boolean;
  readonly isRightInB: boolean;
}

/** Images that both runs judged and that had the same label both times. */
function pairImages(a: Evaluation, b: Evaluation): readonly Pair[] {
  const labelName = (evaluation: Evaluation, image: JudgedImage): string => evaluation.classes[image.label]?.name ?? '';
  const imagesOfB = new Map(b.images.map((image) => [image.imageId, image]));
  return a.images.flatMap((image) => {
    const partner = imagesOfB.get(image.imageId);
    if (!partner || labelName(a, image) !== labelName(b, partner)) return [];
    const isRightInB = partner.label === partner.predicted;
    return [{ imageId: image.imageId, isRightInA: image.label === image.predicted, isRightInB }];
  });
}

type Figures = Readonly<Record<string, number | null>>;

function figures({ record, metrics }: JudgedRun, evaluation: Evaluation | null): Figures {
  const epochs = metrics.filter((metric): metric is EpochMetric => metric.type === 'epoch');
  const best = epochs.find((metric) => metric.epoch === record.bestEpoch);
  return {
    accuracy: evaluation?.accuracy ?? null,
    loss: evaluation?.loss ?? null,
    macroF1: evaluation ? mean(evaluation.perClass.map(({ f1 }) => f1)) : null,
    validationAccuracy: best?.validation?.accuracy ?? null,
    validationLoss: best?.validation?.loss ?? null,
    trainingAccuracy: best?.training.accuracy ?? null,
    trainingLoss: best?.training.loss ?? null,
    bestEpoch: record.bestEpoch,
    epochs: epochs.at(-1)?.epoch ?? null,
    seconds: record.seconds,
  };
}

function compareFigures(a: Figures, b: Figures): Comparison['metrics'] {
  return Object.keys(a).map((metric) => {
    const ofA = a[metric] ?? null;
    const ofB = b[metric] ?? null;
    return { metric, a: ofA, b: ofB, difference: ofA === null || ofB === null ? null : ofB - ofA };
  });
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
