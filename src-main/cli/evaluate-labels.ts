import type { LabelEvaluation } from '../../src-shared/domain/label-evaluation.ts';
import { percent, table } from './words.ts';

/** How a multi-label run does, as the fields of a result. Images are left out: they are many. */
export function labelFields(evaluation: LabelEvaluation): Readonly<Record<string, unknown>> {
  const { images, classes, ...figures } = evaluation;
  return { ...figures, imageCount: images.length, classes: classes.map(({ name }) => name) };
}

/** The same as lines. */
export function labelWords(evaluation: LabelEvaluation): readonly string[] {
  const { split, images, meanAveragePrecision, interval, microF1, macroF1, exactMatch, loss, threshold } = evaluation;
  const rows = evaluation.perClass.map((score) => [
    score.class,
    percent(score.averagePrecision),
    score.interval === null ? '–' : `${percent(score.interval[0])} to ${percent(score.interval[1])}`,
    ...[score.precision, score.recall, score.f1].map(percent),
    ...[score.support, score.predicted].map(String),
  ]);
  return [
    `mean average precision ${percent(meanAveragePrecision)} on ${images.length} ${split} images (95 %: ${percent(interval[0])} to ${percent(interval[1])}), loss ${loss.toFixed(4)}`,
    `from probability ${threshold} on: micro F1 ${percent(microF1)}, macro F1 ${percent(macroF1)}, all classes of an image right ${percent(exactMatch)}`,
    '',
    ...table([['class', 'AP', '95 %', 'precision', 'recall', 'F1', 'images', 'predicted'], ...rows]),
  ];
}
