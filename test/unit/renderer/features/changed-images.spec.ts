import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import type { Comparison } from '../../../../src-shared/contract/run.contract.ts';
import { evaluate } from '../../../../src-shared/domain/evaluation.ts';
import { classIdSchema, imageIdSchema, runIdSchema, type ImageId } from '../../../../src-shared/domain/ids.ts';
import type { Prediction } from '../../../../src-shared/domain/run.ts';
import { changedImages } from '../../../../src-renderer/features/compare/changed-images.ts';

const classes = ['Pear', 'Lemon', 'Apple'].map((name) => ({ id: v.parse(classIdSchema, name.toLowerCase()), name }));

function imageId(index: number): ImageId {
  return v.parse(imageIdSchema, index.toString(16).padStart(64, '0'));
}

/** What a run says about images 0, 1, 2 …, all of them pears. */
function judged(answers: readonly (readonly number[])[]) {
  const predictions: readonly Prediction[] = answers.map((probabilities, index) => ({
    imageId: imageId(index),
    split: 'test',
    label: 0,
    probabilities,
  }));
  return evaluate(predictions, classes, 'test');
}

function comparison(changes: Pick<Comparison, 'fixed' | 'broken'>): Comparison {
  const runId = v.parse(runIdSchema, 'run');
  return { a: runId, b: runId, differences: [], metrics: [], split: 'test', accuracyInterval: null, ...changes };
}

describe('images whose prediction changed', () => {
  const a = judged([
    [0.2, 0.7, 0.1],
    [0.1, 0.1, 0.8],
    [0.9, 0.05, 0.05],
    [0.3, 0.6, 0.1],
    [0.8, 0.1, 0.1],
  ]);
  const b = judged([
    [0.5, 0.4, 0.1],
    [0.98, 0.01, 0.01],
    [0.2, 0.3, 0.5],
    [0.2, 0.1, 0.7],
    [0.7, 0.2, 0.1],
  ]);
  const changed = changedImages(comparison({ fixed: [imageId(0), imageId(1)], broken: [imageId(2)] }), { a, b });

  it('are told with the label and what each run says, most changed first', () => {
    expect(changed.fixed.map((image) => image.imageId)).toEqual([imageId(1), imageId(0)]);
    expect(changed.broken).toMatchObject([
      {
        label: { name: 'Pear' },
        a: { predicted: { name: 'Pear' }, probability: 0.9, isRight: true },
        b: { predicted: { name: 'Apple' }, probability: 0.5, isRight: false },
      },
    ]);
  });

  it('are also those that both get wrong, when each says another class', () => {
    expect(changed.stillWrong.map((image) => image.imageId)).toEqual([imageId(3)]);
  });
});
