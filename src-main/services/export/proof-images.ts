import { AppError } from '../../../src-shared/contract/app-error.ts';
import { heldOutSplit, type Dataset } from '../../../src-shared/domain/dataset.ts';
import type { Prediction, RunRecord } from '../../../src-shared/domain/run.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { pickEvenly } from '../../../src-shared/lib/pick-evenly.ts';
import type { VerifyJob } from '../../jobs/trainer-protocol.ts';
import type { RunProject } from '../run/run-ports.ts';
import type { RunService } from '../run/run-service.ts';

/** An image with what the app says about it. */
export type ProofImage = VerifyJob['images'][number];

const mostImages = 100;
/** Predicted here and now, one by one. */
const mostFreshImages = 16;

export interface ProofSource {
  readonly project: RunProject;
  readonly record: RunRecord;
  readonly dataset: Dataset;
  readonly predictions: readonly Prediction[];
  readonly runs: Pick<RunService, 'predictFile'>;
}

/**
 * Images to prove an export on, with the app's own probabilities: held-out ones (test, else validation) evenly picked
 * from the saved predictions; for a run that was never judged, images of the project that are predicted now.
 */
export async function chooseProofImages(source: ProofSource): Promise<readonly ProofImage[]> {
  const { project, record, dataset, predictions, runs } = source;
  const paths = new Map(dataset.images.map((image) => [image.id, project.paths.image(image.id, image.format)]));
  const split = heldOutSplit(predictions);
  const known = predictions.flatMap(({ imageId, split: own, probabilities }) => {
    const path = paths.get(imageId);
    return own === split && path !== undefined ? [{ imageId, path, probabilities }] : [];
  });
  if (known.length > 0) return pickEvenly(known, mostImages);
  const fresh: ProofImage[] = [];
  for (const [imageId, path] of pickEvenly([...paths], mostFreshImages)) {
    const { probabilities } = await runs.predictFile(record, path);
    fresh.push({ imageId, path, probabilities });
  }
  if (fresh.length > 0) return fresh;
  throw new AppError('conflict', say('exportNoImages'));
}
