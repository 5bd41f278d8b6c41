import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Dataset } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { strengthAxes, strengthTrials, type StrengthTrial } from '../../../src-shared/domain/pipeline/strengths.ts';
import type { Prediction, RunRecord } from '../../../src-shared/domain/run.ts';
import { mostExamples, type SafetyPoint, type SafetyReport } from '../../../src-shared/domain/safety.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { pickEvenly } from '../../../src-shared/lib/pick-evenly.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';

/** Sure enough that a changed prediction is the step's doing. */
const leastProbability = 0.9;
const mostImages = 200;
/** Network passes of each image: what two cores judge in well under a minute for 200 images. */
const mostTrials = 30;
const mostValuesPerAxis = 10;
const fewestValuesPerAxis = 2;

/** What a check of a pipeline's safety will do. */
export interface SafetyPlan {
  readonly images: readonly SafetyImage[];
  readonly trials: readonly StrengthTrial[];
  /** With nothing judged yet. */
  readonly report: SafetyReport;
}

interface SafetyImage {
  readonly imageId: ImageId;
  readonly path: string;
  readonly label: number;
}

export interface SafetySource {
  readonly record: RunRecord;
  readonly pipeline: Pipeline;
  readonly predictions: readonly Prediction[];
  readonly dataset: Dataset;
  readonly paths: ProjectPaths;
}

/**
 * Chooses held-out images that the run judges right and surely, and the strengths to try them at. AppError conflict where there are no
 * such images, or nothing random in the pipeline.
 */
export function planSafety({ record, pipeline, predictions, dataset, paths }: SafetySource): SafetyPlan {
  const files = new Map(dataset.images.map((image) => [image.id, paths.image(image.id, image.format)]));
  const sure = predictions.flatMap(({ imageId, label, probabilities }): readonly SafetyImage[] => {
    const path = files.get(imageId);
    const isSure = (probabilities[label] ?? 0) >= leastProbability;
    return isSure && path !== undefined ? [{ imageId, path, label }] : [];
  });
  if (sure.length === 0) throw new AppError('conflict', say('safetyNoImages'));
  const images = pickEvenly(sure, mostImages);
  const axes = strengthAxes(pipeline.training);
  if (axes.length === 0) throw new AppError('conflict', say('safetyNothingRandom'));
  const valuesPerAxis = Math.floor(mostTrials / axes.length);
  const trials = strengthTrials(
    pipeline.training,
    axes,
    Math.max(fewestValuesPerAxis, Math.min(mostValuesPerAxis, valuesPerAxis)),
  );
  const report: SafetyReport = {
    runId: record.id,
    imageCount: images.length,
    axes: axes.map(({ step, field, range }, axis) => ({
      stepId: step.id,
      kind: step.kind,
      field,
      neutral: range?.neutral ?? null,
      points: trials
        .filter((trial) => trial.axis === axis)
        .map(({ value }): SafetyPoint => ({ value, judged: 0, changed: 0, examples: [] })),
    })),
  };
  return { images, trials, report };
}

/** The report with one more image: the class that is predicted for it in each trial, null where the trial cannot run on it. */
export function countImage(
  report: SafetyReport,
  { imageId, label }: SafetyImage,
  predicted: readonly (number | null)[],
): SafetyReport {
  let trial = 0;
  return {
    ...report,
    axes: report.axes.map((axis) => ({
      ...axis,
      points: axis.points.map((point) => countOne(point, { imageId, label, predicted: predicted[trial++] ?? null })),
    })),
  };
}

function countOne(
  point: SafetyPoint,
  { imageId, label, predicted }: Pick<SafetyImage, 'imageId' | 'label'> & { readonly predicted: number | null },
): SafetyPoint {
  if (predicted === null) return point;
  const judged = point.judged + 1;
  if (predicted === label) return { ...point, judged };
  const examples =
    point.examples.length < mostExamples ? [...point.examples, { imageId, label, predicted }] : point.examples;
  return { ...point, judged, changed: point.changed + 1, examples };
}
