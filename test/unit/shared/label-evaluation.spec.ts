import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { averagePrecision, meanAveragePrecision, rankScores } from '../../../src-shared/domain/average-precision.ts';
import { classIdSchema, imageIdSchema } from '../../../src-shared/domain/ids.ts';
import { evaluateLabels } from '../../../src-shared/domain/label-evaluation.ts';
import type { LabelPrediction } from '../../../src-shared/domain/run.ts';

/** sklearn.metrics.average_precision_score of scikit-learn 1.9, without and with equal scores. */
const golden = [
  {
    labels: [1, 1, 0, 1, 0, 1],
    scores: [0.058, 0.507, 0.037, 0.434, 0.07, 0.091],
    averagePrecision: 0.95,
  },
  {
    labels: [0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1],
    scores: [0.1, 0.1, 0.3, 0.8, 0.2, 0.6, 0.6, 0.4, 0.5, 0.1, 0.1, 0.2],
    averagePrecision: 0.5633333333333334,
  },
];

describe('average precision', () => {
  it.each(golden)('is scikit-learn’s: $averagePrecision', ({ labels, scores, averagePrecision: expected }) => {
    expect(averagePrecision(rankScores(scores), labels)).toBeCloseTo(expected, 12);
  });

  it('of images that count several times is that of as many images', () => {
    const { labels, scores } = golden[1]!;
    const counts = labels.map((_, index) => index % 3);
    const repeated = <T>(values: readonly T[]): readonly T[] =>
      values.flatMap((value, index) => Array<T>(counts[index] ?? 0).fill(value));
    expect(averagePrecision(rankScores(scores), labels, counts)).toBeCloseTo(
      averagePrecision(rankScores(repeated(scores)), repeated(labels)) ?? NaN,
      12,
    );
  });

  it('is not known where no image has the class, and the mean goes over the others', () => {
    expect(averagePrecision(rankScores([0.3, 0.9]), [0, 0])).toBeNull();
    expect(meanAveragePrecision([0.5, null, 1])).toBe(0.75);
    expect(meanAveragePrecision([null])).toBe(0);
  });
});

describe('the evaluation of a multi-label run', () => {
  const classes = ['a', 'b', 'c'].map((name) => ({ id: v.parse(classIdSchema, name), name }));
  const probabilities = [
    [0.9, 0.2, 0.5],
    [0.6, 0.7, 0.1],
    [0.3, 0.8, 0.4],
    [0.8, 0.4, 0.2],
    [0.1, 0.9, 0.6],
    [0.5, 0.3, 0.3],
  ];
  const labels = [[0, 2], [1], [0, 1], [0], [1], [1, 2]];
  const predictions = probabilities.map((row, index): LabelPrediction => ({
    imageId: v.parse(imageIdSchema, String(index).repeat(64)),
    split: 'test',
    labels: labels[index] ?? [],
    probabilities: row,
  }));
  const evaluation = evaluateLabels(predictions, classes, 'test');

  it('has scikit-learn’s figures, over all and class by class', () => {
    expect(evaluation.meanAveragePrecision).toBeCloseTo(0.7722222222222221, 12);
    expect(evaluation.microF1).toBeCloseTo(2 / 3, 12);
    expect(evaluation.macroF1).toBeCloseTo(0.6428571428571428, 12);
    const expected = [
      { averagePrecision: 13 / 15, precision: 0.5, recall: 2 / 3, f1: 4 / 7, support: 3, predicted: 4 },
      { averagePrecision: 0.95, precision: 1, recall: 0.75, f1: 6 / 7, support: 4, predicted: 3 },
      { averagePrecision: 0.5, precision: 0.5, recall: 0.5, f1: 0.5, support: 2, predicted: 2 },
    ];
    evaluation.perClass.forEach(({ class: _name, interval: _interval, ...score }, index) => {
      for (const [figure, value] of Object.entries(expected[index] ?? {})) {
        expect(score[figure as keyof typeof score], figure).toBeCloseTo(value, 12);
      }
    });
    expect(evaluation.exactMatch).toBeCloseTo(2 / 6, 12);
    expect(evaluation.images[0]).toMatchObject({ labels: [0, 2], predicted: [0, 2] });
    expect(evaluation.images[0]?.loss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8) + Math.log(0.5)) / 3, 12);
  });

  it('has intervals around the figures, the same each time, and wider ones for fewer images', () => {
    const [low, high] = evaluation.interval;
    expect(low).toBeLessThan(evaluation.meanAveragePrecision);
    expect(high).toBeGreaterThan(evaluation.meanAveragePrecision);
    expect(evaluateLabels(predictions, classes, 'test')).toEqual(evaluation);
    const many = Array.from({ length: 20 }, () => predictions).flat();
    const [lowOfMany, highOfMany] = evaluateLabels(many, classes, 'test').interval;
    expect(highOfMany - lowOfMany).toBeLessThan((high - low) / 2);
  });

  it('leaves classes without images out of the means, and stands with no image at all', () => {
    const onlyB = predictions.filter(({ labels: own }) => own.join() === '1');
    const judged = evaluateLabels(onlyB, classes, 'test');
    expect(judged.perClass.map((one) => one.averagePrecision)).toEqual([null, 1, null]);
    expect(judged.meanAveragePrecision).toBe(1);
    expect(judged.macroF1).toBe(1);
    const none = evaluateLabels([], classes, 'test');
    expect(none).toMatchObject({ meanAveragePrecision: 0, interval: [0, 1], microF1: 0, images: [] });
  });
});
