import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Dataset, DatasetImage, Split } from '../../../src-shared/domain/dataset.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Prediction, RunRecord } from '../../../src-shared/domain/run.ts';

/** Asked for all images at once: the trainer answers one after the other and never waits for the next question. */
type PredictImage = (image: DatasetImage) => Promise<{ readonly probabilities: readonly number[] }>;

/**
 * What a run says about the images that are in a split now, with the labels that they have now; images of other classes than the
 * run's and those without a label are left out.
 *
 * AppError not-found when there is no such image, and as `predict` when one of them cannot be read, naming it.
 */
export async function judgeSplit(
  { record, dataset, split }: { readonly record: RunRecord; readonly dataset: Dataset; readonly split: Split },
  predict: PredictImage,
): Promise<readonly Prediction[]> {
  const labels = new Map(record.classes.map(({ id }, label) => [id, label]));
  const images = dataset.images.flatMap((image) => {
    const label = image.classId === null ? undefined : labels.get(image.classId);
    return image.split === split && label !== undefined ? [{ image, label }] : [];
  });
  if (images.length === 0) {
    throw new AppError('not-found', say('splitNoImages', { split }));
  }
  return Promise.all(
    images.map(async ({ image, label }) => {
      const { probabilities } = await predict(image).catch((error: unknown) => {
        throw error instanceof AppError ? nameImage(image, error) : error;
      });
      return { imageId: image.id, split, label, probabilities };
    }),
  );
}

function nameImage({ fileName }: DatasetImage, error: AppError): AppError {
  return AppError.fromShape({ ...error.toShape(), message: say('ofFile', { file: fileName, what: error.sentence }) });
}
