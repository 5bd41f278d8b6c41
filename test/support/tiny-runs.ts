import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { AnyEvent } from '../../src-shared/contract/contract.ts';
import { defaultSplitRatios, type Dataset } from '../../src-shared/domain/dataset.ts';
import { projectIdSchema, type RunId } from '../../src-shared/domain/ids.ts';
import type { Recipe } from '../../src-shared/domain/recipe/recipe.ts';
import { isActiveStatus, type Metric, type RunRecord } from '../../src-shared/domain/run.ts';
import { createNodeProcessStarter } from '../../src-main/core/node-process-starter.ts';
import type { ProcessStarter, TrainerProcess } from '../../src-main/core/ports.ts';
import type { FromTrainer, TrainJob } from '../../src-main/jobs/trainer-protocol.ts';
import type { RunServiceDeps } from '../../src-main/services/run/run-ports.ts';
import { RunService } from '../../src-main/services/run/run-service.ts';
import { readMetrics } from '../../src-main/services/run/run-store.ts';
import { projectPaths, type ProjectPaths } from '../../src-main/storage/project-paths.ts';
import { plainClass } from './plain-class.ts';
import { makeTinyJob } from './tiny-training.ts';

export const tinyProjectId = v.parse(projectIdSchema, 'tiny-project');

/** A project with a tiny backbone and its run service, over trainer processes as they are started in use. */
export interface TinyRuns {
  readonly runs: RunService;
  readonly paths: ProjectPaths;
  readonly job: TrainJob;
  readonly recipe: Recipe;
  readonly deps: RunServiceDeps;
  readonly events: readonly AnyEvent[];
  /** Every trainer so far. */
  readonly trainers: readonly TrainerProcess[];
  /** Starts a run and resolves with its record when it has ended. */
  train(change?: Partial<Recipe>): Promise<RunRecord>;
  ended(runId: RunId): Promise<RunRecord>;
  /** What the trainers say; called for each message, also with the process that said it. */
  listen(listener: (message: FromTrainer, trainer: TrainerProcess) => void): void;
  weights(runId: RunId): Promise<Buffer>;
  /** The curves on disk, without what depends on the clock. */
  curves(runId: RunId): Promise<readonly unknown[]>;
  metrics(runId: RunId): Promise<readonly Metric[]>;
  close(): Promise<void>;
}

/** Makes the project below the folder of a tiny job. The owner calls `close` and removes `path.dirname(job.runFolder)`. */
export async function makeTinyRuns(...args: Parameters<typeof makeTinyJob>): Promise<TinyRuns> {
  const job = await makeTinyJob(...args);
  const paths = projectPaths(path.join(path.dirname(job.runFolder), 'project'));
  const dataset = await fillProject(job, paths);
  const events: AnyEvent[] = [];
  const listeners: ((message: FromTrainer, trainer: TrainerProcess) => void)[] = [];
  const trainers: TrainerProcess[] = [];
  const deps: RunServiceDeps = {
    project: () => ({
      id: tinyProjectId,
      paths,
      labelling: job.labelling ?? 'single-label',
      readOnlyBecause: null,
      isWriterAlive: () => true,
      assertWritable: () => undefined,
    }),
    readDataset: () => dataset,
    readPipeline: () => job.pipeline,
    findBackbone: () => ({ record: job.backbone, folder: job.backboneFolder }),
    imageFile: (_projectId, id) => paths.image(id, 'png'),
    uploadedFile: (id) => id,
    findChangedFiles: () => Promise.resolve([]),
    runtime: { ensureFor: () => Promise.resolve(job.runtime) },
    leftOut: () => new Set(),
    frozenTest: () => null,
    makeRoom: () => Promise.resolve(),
    processStarter: watchedStarter(trainers, listeners),
    emit: (name, payload) => events.push({ name, payload } as AnyEvent),
    now: () => new Date(),
    version: '0.0.0-test',
  };
  const runs = new RunService(deps);
  const metrics = (runId: RunId): Promise<readonly Metric[]> => readMetrics(paths, runId);

  async function ended(runId: RunId): Promise<RunRecord> {
    for (;;) {
      const { record } = await runs.get(tinyProjectId, runId);
      if (!isActiveStatus(record.status)) return record;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  return {
    ...{ runs, paths, job, recipe: job.recipe, deps, events, trainers, metrics, ended },
    train: async (change = {}) => {
      const { record } = await runs.start(tinyProjectId, { ...job.recipe, ...change });
      return ended(record.id);
    },
    listen: (listener) => void listeners.push(listener),
    weights: (runId) => readFile(paths.run(runId).weights),
    curves: async (runId) =>
      (await metrics(runId)).map((metric) =>
        metric.type === 'step'
          ? { ...metric, imagesPerSecond: 0, waitingShare: 0 }
          : { ...metric, seconds: 0, waitingShare: 0 },
      ),
    close: () => runs.close(),
  };
}

/** Copies the job's images to where a project has them. */
async function fillProject(job: TrainJob, paths: ProjectPaths): Promise<Dataset> {
  for (const { imageId, path: file } of job.images) {
    const target = paths.image(imageId, 'png');
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(file, target);
  }
  const classes = job.classNames.map(plainClass);
  return {
    revision: 1,
    classes,
    images: job.images.map(({ imageId, path: file, label, split }) => ({
      ...{ id: imageId, fileName: path.basename(file), source: path.basename(file), format: 'png', split },
      ...{ width: 12, height: 10, sizeBytes: 100, classId: (typeof label === 'number' && classes[label]?.id) || null },
      ...(typeof label !== 'number' && { classIds: label.flatMap((one) => classes[one]?.id ?? []) }),
    })),
    splitRatios: defaultSplitRatios,
    undo: null,
    redo: null,
  };
}

function watchedStarter(
  trainers: TrainerProcess[],
  listeners: readonly ((message: FromTrainer, trainer: TrainerProcess) => void)[],
): ProcessStarter {
  const starter = createNodeProcessStarter();
  return {
    startTrainer() {
      const trainer = starter.startTrainer();
      trainers.push(trainer);
      trainer.onMessage((message) => listeners.forEach((listen) => listen(message, trainer)));
      return trainer;
    },
  };
}
