import { leastProbability } from '../../../src-shared/domain/evaluation.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { Prediction, RunClass } from '../../../src-shared/domain/run.ts';
import { argmax } from '../../../src-shared/lib/argmax.ts';

/** What a judge says of one image. */
export interface Judgement {
  readonly imageId: ImageId;
  readonly classId: ClassId;
  readonly confidence: number;
  readonly margin: number;
  readonly loss: number | null;
}

/** What a run's prediction says of an image with the label that it has now; null for one that is gone from the dataset. */
export function judgePrediction(
  { imageId, probabilities }: Prediction,
  classes: readonly RunClass[],
  labels: ReadonlyMap<ImageId, ClassId | null>,
): Judgement | null {
  const label = labels.get(imageId);
  const best = argmax(probabilities);
  const predicted = classes[best];
  if (label === undefined || !predicted) return null;
  const confidence = probabilities[best] ?? 0;
  const second = probabilities.reduce((most, share, index) => (index === best ? most : Math.max(most, share)), 0);
  const given = classes.findIndex(({ id }) => id === label);
  // A label of a class that the run did not know has no loss.
  const loss = given === -1 ? null : -Math.log(Math.max(probabilities[given] ?? 0, leastProbability));
  return { imageId, classId: predicted.id, confidence, margin: confidence - second, loss };
}
