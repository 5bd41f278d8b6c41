import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { evaluate, wilsonInterval } from '../../../src-shared/domain/evaluation.ts';
import { classIdSchema, imageIdSchema } from '../../../src-shared/domain/ids.ts';
import type { Prediction } from '../../../src-shared/domain/run.ts';

const classes = ['cat', 'dog', 'owl'].map((name) => ({ id: v.parse(classIdSchema, name), name }));

function prediction(index: number, label: number, probabilities: readonly number[]): Prediction {
  return { imageId: v.parse(imageIdSchema, index.toString(16).padStart(64, '0')), split: 'test', label, probabilities };
}

describe('evaluate', () => {
  const predictions = [
    prediction(0, 0, [0.8, 0.1, 0.1]),
    prediction(1, 0, [0.3, 0.6, 0.1]),
    prediction(2, 1, [0.1, 0.9, 0]),
    prediction(3, 1, [0.2, 0.7, 0.1]),
    prediction(4, 2, [0.5, 0.3, 0.2]),
    { ...prediction(5, 2, [0, 0, 1]), split: 'validation' as const },
  ];

  it('agrees with scikit-learn 1.7 (confusion_matrix, precision_recall_fscore_support with zero_division=0, log_loss)', () => {
    const { accuracy, loss, confusion, perClass, images } = evaluate(predictions, classes, 'test');
    expect(accuracy).toBe(0.6);
    expect(loss).toBeCloseTo((-Math.log(0.8) - Math.log(0.3) - Math.log(0.9) - Math.log(0.7) - Math.log(0.2)) / 5, 12);
    expect(confusion).toEqual([
      [1, 1, 0],
      [0, 2, 0],
      [1, 0, 0],
    ]);
    expect(perClass).toEqual([
      { class: 'cat', precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
      { class: 'dog', precision: 2 / 3, recall: 1, f1: 0.8, support: 2 },
      { class: 'owl', precision: 0, recall: 0, f1: 0, support: 1 },
    ]);
    expect(images).toHaveLength(5);
  });

  it('is silent, not wrong, about a split without images', () => {
    expect(evaluate(predictions, classes, 'training')).toMatchObject({
      accuracy: 0,
      interval: [0, 1],
      loss: 0,
      images: [],
    });
  });

  it('keeps the loss finite when the label got probability 0', () => {
    expect(evaluate([prediction(0, 2, [1, 0, 0])], classes, 'test').loss).toBeCloseTo(15.942, 3);
  });
});

describe('wilsonInterval', () => {
  it('equals statsmodels’ proportion_confint(310, 330, method="wilson")', () => {
    const [low, high] = wilsonInterval(310, 330);
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.9082', '0.9604']);
  });

  it('never leaves 0 … 1', () => {
    expect([wilsonInterval(0, 0), wilsonInterval(5, 5)[1], wilsonInterval(0, 5)[0]]).toEqual([[0, 1], 1, 0]);
  });
});
