import * as v from 'valibot';
import { argmax } from '../lib/argmax.ts';
import { splitSchema } from './dataset.ts';
import { imageIdSchema } from './ids.ts';
import type { Prediction, RunClass } from './run.ts';
import { runClassSchema } from './run.ts';

const fraction = v.number();

/** Precision, recall and F1 of one class; 0 where the denominator is 0, as scikit-learn's zero_division=0. */
export const classScoreSchema = v.pipe(
  v.strictObject({ class: v.string(), precision: fraction, recall: fraction, f1: fraction, support: v.number() }),
  v.readonly(),
);
export type ClassScore = v.InferOutput<typeof classScoreSchema>;

/** One judged image. */
export const judgedImageSchema = v.pipe(
  v.strictObject({
    imageId: imageIdSchema,
    label: v.number(),
    predicted: v.number(),
    /** Of the predicted class. */
    probability: fraction,
    /** −ln of the label's probability. */
    loss: v.number(),
  }),
  v.readonly(),
);
export type JudgedImage = v.InferOutput<typeof judgedImageSchema>;

/** How a run does on one split. */
export const evaluationSchema = v.pipe(
  v.strictObject({
    split: splitSchema,
    classes: v.pipe(v.array(runClassSchema), v.readonly()),
    accuracy: fraction,
    /** Wilson's 95 % interval of the accuracy. */
    interval: v.pipe(v.tuple([fraction, fraction]), v.readonly()),
    loss: v.number(),
    /** Rows true, columns predicted. */
    confusion: v.pipe(v.array(v.pipe(v.array(v.number()), v.readonly())), v.readonly()),
    perClass: v.pipe(v.array(classScoreSchema), v.readonly()),
    images: v.pipe(v.array(judgedImageSchema), v.readonly()),
  }),
  v.readonly(),
);
export type Evaluation = v.InferOutput<typeof evaluationSchema>;

/** Least probability that a loss counts with, so that one sure mistake cannot make the mean infinite (float32's epsilon). */
export const leastProbability = 1.1920929e-7;

/** Judges predictions of one split. Top-1 ties go to the lower class index, as argmax does. */
export function evaluate(
  predictions: readonly Prediction[],
  classes: readonly RunClass[],
  split: Evaluation['split'],
): Evaluation {
  const images = predictions.filter((prediction) => prediction.split === split).map(judge);
  const confusion = classes.map(() => classes.map(() => 0));
  for (const { label, predicted } of images) {
    const row = confusion[label];
    if (row) row[predicted] = (row[predicted] ?? 0) + 1;
  }
  const correct = images.filter(({ label, predicted }) => label === predicted).length;
  return {
    split,
    classes,
    accuracy: ratio(correct, images.length),
    interval: wilsonInterval(correct, images.length),
    loss: ratio(
      images.reduce((sum, image) => sum + image.loss, 0),
      images.length,
    ),
    confusion,
    perClass: classes.map((runClass, index) => scoreClass(confusion, index, runClass.name)),
    images,
  };
}

/** Wilson's score interval for a share of `correct` in `total`, 95 %; [0, 1] when total is 0. (Wilson 1927) */
export function wilsonInterval(correct: number, total: number): readonly [number, number] {
  if (total === 0) return [0, 1];
  const z = 1.959963984540054;
  const share = correct / total;
  const denominator = 1 + (z * z) / total;
  const centre = (share + (z * z) / (2 * total)) / denominator;
  const half = (z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))) / denominator;
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

function judge({ imageId, label, probabilities }: Prediction): JudgedImage {
  const predicted = argmax(probabilities);
  const loss = -Math.log(Math.max(probabilities[label] ?? 0, leastProbability));
  return { imageId, label, predicted, probability: probabilities[predicted] ?? 0, loss };
}

function scoreClass(confusion: readonly (readonly number[])[], index: number, name: string): ClassScore {
  const right = confusion[index]?.[index] ?? 0;
  const support = (confusion[index] ?? []).reduce((sum, count) => sum + count, 0);
  const predicted = confusion.reduce((sum, row) => sum + (row[index] ?? 0), 0);
  const precision = ratio(right, predicted);
  const recall = ratio(right, support);
  return { class: name, precision, recall, f1: ratio(2 * precision * recall, precision + recall), support };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
