import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Dataset, DatasetImage, Split } from '../../../src-shared/domain/dataset.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { LabelPrediction, Prediction, RunRecord } from '../../../src-shared/domain/run.ts';

/** What a run says about images, in their order; `onAnswer` is called for each. */
type PredictImages = (
  images: readonly DatasetImage[],
  onAnswer: () => void,
) => Promise<readonly PromiseSettledResult<{ readonly probabilities: readonly number[] }>[]>;

/** As many as the trainer answers together. */
const imagesPerWord = 32;
/** Asked for at once: enough to keep the trainer busy, and few enough to stop soon after an image that cannot be read. */
const imagesPerQuestion = 8 * imagesPerWord;

/**
 * What a run says about the images that are in a split now, with the labels that they have now; images of other classes than the
 * run's and those without a label are left out. `tell` hears how many are done, first of none.
 *
 * AppError not-found when there is no such image, and as `predict` when one of them cannot be read, naming it.
 */
export async function judgeSplit(
  { record, dataset, split }: { readonly record: RunRecord; readonly dataset: Dataset; readonly split: Split },
  predict: PredictImages,
  tell: (done: number, total: number) => void,
): Promise<readonly (Prediction | LabelPrediction)[]> {
  const answerOf = answersOf(record);
  const images = dataset.images.flatMap((image) => {
    const answer = image.split === split ? answerOf(image) : null;
    return answer ? [{ image, answer }] : [];
  });
  if (images.length === 0) {
    throw new AppError('not-found', say('splitNoImages', { split }));
  }
  tell(0, images.length);
  let done = 0;
  const onAnswer = (): void => {
    done += 1;
    if (done % imagesPerWord === 0 || done === images.length) tell(done, images.length);
  };
  const predictions: (Prediction | LabelPrediction)[] = [];
  for (let start = 0; start < images.length; start += imagesPerQuestion) {
    const asked = images.slice(start, start + imagesPerQuestion);
    const results = await predict(
      asked.map(({ image }) => image),
      onAnswer,
    );
    asked.forEach(({ image, answer }, index) => {
      const result = results[index];
      if (result?.status !== 'fulfilled') throw nameImage(image, result?.reason);
      predictions.push({ imageId: image.id, split, ...answer, probabilities: result.value.probabilities });
    });
  }
  return predictions;
}

/** The label, or the labels, of an image among the run's classes; null for one that the run cannot be judged on. */
function answersOf({
  labelling,
  classes,
}: RunRecord): (image: DatasetImage) => Pick<Prediction, 'label'> | Pick<LabelPrediction, 'labels'> | null {
  const places = new Map(classes.map(({ id }, place) => [id, place]));
  if (labelling === 'multi-label') {
    return ({ classIds }) =>
      classIds ? { labels: classIds.flatMap((id) => places.get(id) ?? []).toSorted((a, b) => a - b) } : null;
  }
  return ({ classId }) => {
    const label = classId === null ? undefined : places.get(classId);
    return label === undefined ? null : { label };
  };
}

function nameImage({ fileName }: DatasetImage, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  return AppError.fromShape({ ...error.toShape(), message: say('ofFile', { file: fileName, what: error.sentence }) });
}
