import * as v from 'valibot';
import { expect, it } from 'vitest';
import { evaluate } from '../../../src-shared/domain/evaluation.ts';
import { classIdSchema, imageIdSchema } from '../../../src-shared/domain/ids.ts';
import { judge, oneHot } from '../../../src-main/trainer/train/judging.ts';
import { certify } from '../../../src-main/trainer/verify/certify.ts';

const imageId = v.parse(imageIdSchema, 'a'.repeat(64));

it('judges exactly as the run page evaluates, ties and impossible answers included', () => {
  const rows = [
    [0.5, 0.5, 0],
    [0, 0, 1],
    [0.25, 0.5, 0.25],
  ];
  const labels = [1, 0, 1];
  const classes = ['a', 'b', 'c'].map((name) => ({ id: v.parse(classIdSchema, name), name }));
  const predictions = rows.map((probabilities, index) => ({
    imageId,
    split: 'test' as const,
    label: labels[index] ?? 0,
    probabilities,
  }));
  const { loss, accuracy } = evaluate(predictions, classes, 'test');
  const judged = judge(Float32Array.from(rows.flat()), labels);
  expect(judged.accuracy).toBe(accuracy);
  expect(judged.loss).toBeCloseTo(loss, 12);
});

it('does not take a network of NaN for a bad one', () => {
  expect(judge(Float32Array.of(Number.NaN, Number.NaN), [0]).loss).toBeNaN();
});

it('marks the label of each row', () => {
  expect([...oneHot([2, 0], 3)]).toEqual([0, 0, 1, 1, 0, 0]);
});

it('certifies no export that gives NaN, or too few classes', () => {
  const facts = {
    format: 'tfjs',
    checkedWith: 'a test',
    preprocessing: null,
    secondsPerImage: 0,
    checkedAt: '',
  } as const;
  const expected = [0.7, 0.3];
  for (const exported of [[Number.NaN, Number.NaN], [0.7], []]) {
    expect(certify([{ imageId, expected, exported }], facts)).toMatchObject({ isPassed: false, maxDifference: 1 });
  }
  expect(certify([{ imageId, expected, exported: [0.70005, 0.29995] }], facts)).toMatchObject({ isPassed: true });
});
