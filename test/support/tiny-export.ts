import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { classIdSchema, projectIdSchema, runIdSchema } from '../../src-shared/domain/ids.ts';
import { predictionSchema, type RunRecord } from '../../src-shared/domain/run.ts';
import { writeTfjsExport, type TestImage } from '../../src-main/exporters/tfjs.ts';
import { ensureBuilt } from '../../tools/lib/builds.ts';
import { repositoryRoot } from '../../tools/lib/repository.ts';
import type { TrainJob, VerifyJob } from '../../src-main/jobs/trainer-protocol.ts';

/** The record of a finished tiny run, as core would have written it. */
export function tinyRecord(job: TrainJob): RunRecord {
  return {
    schemaVersion: 1,
    id: v.parse(runIdSchema, 'run-1'),
    projectId: v.parse(projectIdSchema, 'tiny-project'),
    number: 1,
    name: 'Run 1',
    recipe: job.recipe,
    continues: null,
    continuesAfter: null,
    plannedBatchSize: null,
    smallerBatchSize: null,
    frozenTest: null,
    stageCache: null,
    pipeline: job.pipeline,
    classes: job.classNames.map((name) => ({ id: v.parse(classIdSchema, name), name })),
    dataset: { revision: 1, hash: 'none', training: 18, validation: 6, test: 6 },
    backboneSha256: job.backbone.sha256,
    versions: {},
    machine: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    status: 'completed',
    reason: null,
    result: null,
    bestEpoch: 1,
    seconds: 1,
  };
}

/** A run's test images with what its predictions say about them. */
export async function judgedTestImages(job: TrainJob): Promise<readonly TestImage[]> {
  const text = await readFile(path.join(job.runFolder, 'predictions.jsonl'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  const predictions = lines.map((line) => v.parse(predictionSchema, JSON.parse(line)));
  return predictions.flatMap(({ imageId, probabilities }) => {
    const image = job.images.find((candidate) => candidate.imageId === imageId && candidate.split === 'test');
    return image ? [{ imageId, path: image.path, probabilities }] : [];
  });
}

/** Exports a trained job beside its run and answers the job that proves the export. */
export async function exportTiny(
  job: TrainJob,
  pageFolder: string,
): Promise<{ readonly folder: string; readonly verifyJob: VerifyJob }> {
  const folder = path.join(path.dirname(job.runFolder), 'export');
  await mkdir(folder);
  await ensureBuilt(['export-code'], () => undefined);
  const images = await judgedTestImages(job);
  const { runFolder, backbone, backboneFolder, pipeline, runtime } = job;
  await writeTfjsExport({
    folder,
    runFolder,
    record: tinyRecord(job),
    projectName: 'Tiny',
    backbone,
    backboneFolder,
    images,
    pageFolder,
    codeFolder: path.join(repositoryRoot, 'dist', 'export-code'),
  });
  const exportFolder = path.join(folder, 'tfjs');
  return {
    folder,
    verifyJob: {
      kind: 'verify',
      format: 'tfjs',
      exportFolder,
      images,
      runFolder,
      backbone,
      backboneFolder,
      pipeline,
      runtime,
    },
  };
}
