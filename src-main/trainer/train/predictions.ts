import type { LabelPrediction, Prediction } from '../../../src-shared/domain/run.ts';
import type { JobImage } from '../../jobs/trainer-protocol.ts';
import { toDecimals } from '../decimals.ts';

/** Rows of class probabilities as predictions of these images. */
export function toPredictions(
  images: readonly JobImage[],
  probabilities: Float32Array,
): readonly (Prediction | LabelPrediction)[] {
  const classCount = probabilities.length / Math.max(1, images.length);
  return images.map(({ imageId, split, label }, row) => {
    const ofImage = toDecimals(probabilities.subarray(row * classCount, (row + 1) * classCount));
    return typeof label === 'number'
      ? { imageId, split, label, probabilities: ofImage }
      : { imageId, split, labels: label, probabilities: ofImage };
  });
}
