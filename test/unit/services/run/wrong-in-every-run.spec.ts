import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { JudgedRun } from '../../../../src-main/services/run/compare-runs.ts';
import { wrongInEveryRun } from '../../../../src-main/services/run/wrong-in-every-run.ts';
import { classIdSchema } from '../../../../src-shared/domain/ids.ts';
import { imageId } from './run-support.ts';

const classes = ['cat', 'dog'].map((name) => ({ id: v.parse(classIdSchema, name), name }));

/** A run that judged these images: [number, label, predicted]. */
function run(
  judged: readonly (readonly [number, 'cat' | 'dog', 'cat' | 'dog'])[],
  known = classes,
  split: 'test' | 'validation' = 'test',
): JudgedRun {
  const place = (name: string): number => known.findIndex((one) => one.name === name);
  const predictions = judged.map(([number, label, predicted]) => ({
    imageId: imageId(number),
    split,
    label: place(label),
    probabilities: known.map(({ name }) => (name === predicted ? 0.6 + number / 100 : 0.1)),
  }));
  // Only the classes of the record are looked at.
  return { record: { classes: known } as unknown as JudgedRun['record'], metrics: [], predictions };
}

describe('images wrong in every run', () => {
  it('are those that no run gets right, the surest mistakes first, whatever the order of the classes', () => {
    const a = run([
      [0, 'cat', 'dog'],
      [1, 'cat', 'cat'],
      [2, 'dog', 'cat'],
      [3, 'dog', 'cat'],
    ]);
    const b = run(
      [
        [0, 'cat', 'dog'],
        [1, 'cat', 'dog'],
        [2, 'dog', 'cat'],
        [3, 'dog', 'dog'],
      ],
      classes.toReversed(),
    );
    const found = wrongInEveryRun([a, b]);
    expect(found).toMatchObject({ split: 'test', runCount: 2, imageCount: 4, classes });
    expect(found?.images.map((image) => image.imageId)).toEqual([imageId(2), imageId(0)]);
  });

  it('leave out what one run alone judged, and what another run knew with another label', () => {
    const latest = run([
      [0, 'cat', 'dog'],
      [1, 'cat', 'dog'],
      [2, 'dog', 'cat'],
    ]);
    const earlier = run([
      [0, 'dog', 'dog'],
      [2, 'dog', 'cat'],
    ]);
    const found = wrongInEveryRun([latest, earlier]);
    expect(found?.imageCount).toBe(1);
    expect(found?.images.map((image) => image.imageId)).toEqual([imageId(2)]);
  });

  it('need two runs judged on the same split', () => {
    expect(wrongInEveryRun([])).toBeNull();
    expect(wrongInEveryRun([run([[0, 'cat', 'dog']])])).toBeNull();
    expect(wrongInEveryRun([run([[0, 'cat', 'dog']]), run([[0, 'cat', 'dog']], classes, 'validation')])).toBeNull();
  });
});
