import { mkdir, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { Dataset, Split } from '../../src-shared/domain/dataset.ts';
import { evaluate } from '../../src-shared/domain/evaluation.ts';
import { pipelineIdSchema, runIdSchema, type ProjectId } from '../../src-shared/domain/ids.ts';
import { classicPipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import { defaultRecipe } from '../../src-shared/domain/recipe/recipe.ts';
import type { EpochMetric, Prediction, RunRecord } from '../../src-shared/domain/run.ts';
import { runPaths, projectPaths } from '../../src-main/storage/project-paths.ts';

export interface SavedRun {
  readonly number: number;
  readonly status: RunRecord['status'];
  readonly reason?: string;
  readonly smallerBatchSize?: number;
  /** Validation accuracies of its epochs; the highest is the best one. */
  readonly accuracies: readonly number[];
  /** What it says about the images that it was judged on; none when it was not judged. */
  readonly predictions: readonly Prediction[];
}

const pipelineId = v.parse(pipelineIdSchema, 'classic');

/** Writes the files of a run that ended some time ago into a project's folder, as a training leaves them; answers its record. */
export async function saveRun(
  project: { readonly id: ProjectId; readonly path: string },
  dataset: Dataset,
  run: SavedRun,
): Promise<RunRecord> {
  const record = makeRecord(project.id, dataset, run);
  const files = runPaths(projectPaths(project.path).run(record.id).folder);
  await mkdir(files.folder, { recursive: true });
  await writeFile(files.record, JSON.stringify(record));
  await writeFile(files.metrics, jsonLines(epochsOf(run.accuracies)));
  await writeFile(files.predictions, jsonLines(run.predictions));
  return record;
}

/** A prediction that gives one class nearly all, and says so in a row that sums to 1. */
export function predict(
  image: Dataset['images'][number],
  { split, label, predicted, classCount }: { split: Split; label: number; predicted: number; classCount: number },
): Prediction {
  const rest = classCount === 1 ? 0 : 0.1 / (classCount - 1);
  const probabilities = Array.from({ length: classCount }, (_, index) => (index === predicted ? 0.9 : rest));
  return { imageId: image.id, split, label, probabilities };
}

function makeRecord(projectId: ProjectId, dataset: Dataset, run: SavedRun): RunRecord {
  const classes = dataset.classes.map(({ id, name }) => ({ id, name }));
  const best = run.accuracies.indexOf(Math.max(...run.accuracies));
  return {
    schemaVersion: 1,
    id: v.parse(runIdSchema, `run-${run.number}-cafe`),
    projectId,
    number: run.number,
    name: `Saved ${run.number}`,
    continues: null,
    continuesAfter: null,
    plannedBatchSize: null,
    smallerBatchSize: run.smallerBatchSize ?? null,
    stageCache: null,
    frozenTest: null,
    recipe: { ...defaultRecipe('feature-extraction', pipelineId), epochs: Math.max(5, run.accuracies.length) },
    pipeline: classicPipeline(pipelineId, 'Classic'),
    classes,
    dataset: { revision: dataset.revision, hash: 'c'.repeat(64), training: 40, validation: 10, test: 10 },
    backboneSha256: 'b'.repeat(64),
    versions: { graft: '0.0.0-test' },
    machine: { cpu: 'test' },
    createdAt: new Date(Date.UTC(2026, 0, run.number)).toISOString(),
    endedAt: new Date(Date.UTC(2026, 0, run.number, 1)).toISOString(),
    status: run.status,
    reason: run.reason ?? null,
    result: judge(run.predictions, classes),
    bestEpoch: best === -1 ? null : best + 1,
    seconds: 60,
  };
}

function judge(predictions: readonly Prediction[], classes: RunRecord['classes']): RunRecord['result'] {
  const split = predictions[0]?.split;
  if (split === undefined) return null;
  const { accuracy, loss, images } = evaluate(predictions, classes, split);
  const correct = images.filter(({ label, predicted }) => label === predicted).length;
  return { split, accuracy, loss, correct, total: images.length };
}

function epochsOf(accuracies: readonly number[]): readonly EpochMetric[] {
  return accuracies.map((accuracy, index) => ({
    type: 'epoch',
    phase: 'head',
    step: (index + 1) * 10,
    epoch: index + 1,
    training: { loss: 1 - accuracy / 2, accuracy },
    validation: { loss: 1.1 - accuracy, accuracy },
    isBest: accuracies.slice(0, index).every((earlier) => earlier < accuracy),
    seconds: 1,
  }));
}

function jsonLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
