import { expect, it } from 'vitest';
import * as v from 'valibot';
import { similarConfidence } from '../../../../src-renderer/features/try/similar-confidence.ts';
import { evaluate } from '../../../../src-shared/domain/evaluation.ts';
import { classIdSchema, imageIdSchema } from '../../../../src-shared/domain/ids.ts';

const classes = ['pear', 'lemon'].map((name) => ({ id: v.parse(classIdSchema, name), name }));

/** Two classes; each image is a pear and this sure to be one. */
const evaluation = evaluate(
  [0.85, 0.89, 0.14, 0.95, 1].map((pear, index) => ({
    imageId: v.parse(imageIdSchema, index.toString(16).padStart(64, '0')),
    split: 'test',
    label: 0,
    probabilities: [pear, 1 - pear],
  })),
  classes,
  'test',
);

it('counts the images about which the run was as sure, right or wrong', () => {
  expect(similarConfidence(evaluation, 0.87)).toEqual({ from: 0.8, to: 0.9, right: 2, total: 3 });
});

it('puts certainty into the last tenth', () => {
  expect(similarConfidence(evaluation, 1)).toEqual({ from: 0.9, to: 1, right: 2, total: 2 });
});

it('finds none where there are none', () => {
  expect(similarConfidence(evaluation, 0.55)).toMatchObject({ right: 0, total: 0 });
});
