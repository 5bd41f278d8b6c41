import { expect, it } from 'vitest';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { judgePrediction } from '../../../src-main/services/judgement/judge-prediction.ts';
import { imageId } from './run/run-support.ts';

const [oak, elm, ash] = ['oak', 'elm', 'ash'] as unknown as [ClassId, ClassId, ClassId];
const classes = [
  { id: oak, name: 'Oak' },
  { id: elm, name: 'Elm' },
];
const prediction = { imageId: imageId(1), split: 'test', label: 0, probabilities: [0.25, 0.75] } as const;
const judge = (label: ClassId | null) => judgePrediction(prediction, classes, new Map([[imageId(1), label]]));

it('takes the likeliest class, its lead, and the loss of the label that the image has now', () => {
  expect(judge(elm)).toEqual({
    ...{ imageId: imageId(1), classId: elm, confidence: 0.75, margin: 0.5, loss: -Math.log(0.75) },
  });
  expect(judge(oak)?.loss).toBeCloseTo(-Math.log(0.25));
});

it('has no loss without a label or for a class that the run did not know, and says nothing of an image that is gone', () => {
  expect([judge(null)?.loss, judge(ash)?.loss]).toEqual([null, null]);
  expect(judgePrediction(prediction, classes, new Map())).toBeNull();
});
