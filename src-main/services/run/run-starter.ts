import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { describeIssue } from '../../../src-shared/contract/describe-issue.ts';
import type { RunSnapshot } from '../../../src-shared/contract/run.contract.ts';
import { runIdSchema, type ProjectId, type RunId } from '../../../src-shared/domain/ids.ts';
import type { FrozenTest } from '../../../src-shared/domain/quality.ts';
import { recipeSchema, type Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { isRecordedUpTo, type Metric, type RunRecord } from '../../../src-shared/domain/run.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { InTurn } from '../../../src-shared/lib/in-turn.ts';
import {
  findLatestCheckpoint,
  storeCheckpoint,
  type StoredCheckpoint,
  type TrainingPosition,
} from '../../jobs/checkpoint-files.ts';
import { removeLeftovers } from '../../storage/durable-write.ts';
import { gatherMaterial } from './gather-material.ts';
import { describeMachine } from './machine.ts';
import { assertExtendable, assertResumable, assertSameMaterial, assertSmallerBatch } from './resume-checks.ts';
import { assertUnchanged } from './unchanged-files.ts';
import {
  assertTrainable,
  chooseImages,
  inOrderOf,
  planRecord,
  trainingMaterial,
  type RunImages,
  type RunMaterial,
} from './run-plan.ts';
import type { RunProject, RunServiceDeps } from './run-ports.ts';
import type { PlannedRun, RunQueue } from './run-queue.ts';
import { listRunRecords, readMetrics, writeMetrics, writeRunRecord } from './run-store.ts';
import type { RunTeller } from './run-teller.ts';
import { atBatchSize } from './smaller-batch.ts';

/** Starts runs and takes them up again: checks what can be checked, saves the record, and puts the run into the queue. */
export class RunStarter {
  readonly #deps: RunServiceDeps;
  readonly #queue: RunQueue;
  readonly #teller: RunTeller;
  /** So that two starts never take the same number, and one run is never taken up twice. */
  readonly #starts = new InTurn();

  constructor(deps: RunServiceDeps, queue: RunQueue, teller: RunTeller) {
    this.#deps = deps;
    this.#queue = queue;
    this.#teller = teller;
  }

  /** A new run by a recipe. */
  start(projectId: ProjectId, recipe: Recipe): Promise<RunSnapshot> {
    return this.#starts.do(async () => {
      const project = this.#writable(projectId);
      const pipeline = await this.#deps.readPipeline(projectId, recipe.pipelineId);
      return this.#startAnew(project, { recipe, pipeline }, null);
    });
  }

  /**
   * Goes on with a run that ended early, from its last checkpoint and in its own record, as if it had never stopped.
   *
   * AppError conflict when it is at work or complete, when its images, labels or backbone are no longer what they were, or
   * when it left no checkpoint.
   */
  resume(projectId: ProjectId, readRecord: () => Promise<RunRecord>): Promise<RunSnapshot> {
    return this.#starts.do(async () => {
      const project = this.#writable(projectId);
      const record = await readRecord();
      assertResumable(record, this.#queue.find(record.id) !== undefined);
      const material = await this.#gather({ recipe: record.recipe, pipeline: record.pipeline }, project);
      const chosen = inOrderOf(record.classes, chooseImages(material.dataset, project));
      assertSameMaterial(record, material, chosen);
      const { position } = await this.#lastCheckpoint(project, record.id);
      await removeLeftovers(project.paths.run(record.id).folder);
      const metrics = await this.#metricsUpTo(project, record.id, position);
      const waiting: RunRecord = {
        ...record,
        ...{ status: 'queued', reason: null, smallerBatchSize: null, result: null, endedAt: null },
        bestEpoch: position.best?.epoch ?? null,
      };
      return this.#begin(waiting, metrics, material, chosen);
    });
  }

  /**
   * Trains a complete run for more epochs: a new run that begins with the weights, the optimizer and the curves of the first, which stays
   * as it is. Its recipe is that of a training that was planned so long from the beginning; a count of epochs without a better one
   * begins anew.
   *
   * AppError conflict as in `resume`, and when the run is not complete.
   */
  extend(projectId: ProjectId, readRecord: () => Promise<RunRecord>, epochs: number): Promise<RunSnapshot> {
    return this.#starts.do(async () => {
      const project = this.#writable(projectId);
      const parent = await readRecord();
      assertExtendable(parent);
      const checkpoint = await this.#lastCheckpoint(project, parent.id);
      const { position } = checkpoint;
      const recipe = withChange(parent.recipe, { epochs: position.epochInPhase + epochs });
      return this.#continueAnew(project, parent, {
        recipe,
        name: `${parent.name}, ${recipe.epochs} epochs`,
        checkpoint: { ...checkpoint, position: { ...position, epochsWithoutBetter: 0 } },
      });
    });
  }

  /**
   * Goes on with a run that ended early, with a smaller batch: a new run that begins with what the last checkpoint of the first has, or, where
   * that left none, from the beginning.
   *
   * AppError conflict as in `resume`, and when the batch is not smaller.
   */
  continueSmaller(projectId: ProjectId, readRecord: () => Promise<RunRecord>, batchSize: number): Promise<RunSnapshot> {
    return this.#starts.do(async () => {
      const project = this.#writable(projectId);
      const parent = await readRecord();
      assertResumable(parent, this.#queue.find(parent.id) !== undefined);
      assertSmallerBatch(parent, batchSize);
      const recipe = withChange(parent.recipe, { batchSize });
      const name = `${parent.name.replace(/, batch \d+$/u, '')}, batch ${batchSize}`;
      const checkpoint = await findLatestCheckpoint(project.paths.run(parent.id).checkpoints);
      if (!checkpoint) return this.#startAnew(project, { recipe, pipeline: parent.pipeline }, name);
      const size = { batchSize, imageCount: parent.dataset.training };
      const position = atBatchSize(checkpoint.position, parent.recipe, size);
      return this.#continueAnew(project, parent, { recipe, name, checkpoint: { ...checkpoint, position } });
    });
  }

  /** A new run from the beginning. */
  async #startAnew(
    project: RunProject,
    parts: Pick<RunMaterial, 'recipe' | 'pipeline'>,
    name: string | null,
  ): Promise<RunSnapshot> {
    const material = await this.#gather(parts, project);
    const chosen = chooseImages(material.dataset, project);
    assertTrainable(material, chosen);
    const record = planRecord(material, chosen, await this.#newRunFacts(project));
    return this.#begin(name === null ? record : named(record, name), [], material, chosen);
  }

  /** A new run by another recipe that has behind it what a checkpoint of its parent has. */
  async #continueAnew(
    project: RunProject,
    parent: RunRecord,
    {
      recipe,
      name,
      checkpoint,
    }: { readonly recipe: Recipe; readonly name: string; readonly checkpoint: StoredCheckpoint },
  ): Promise<RunSnapshot> {
    const { position } = checkpoint;
    const material = await this.#gather({ recipe, pipeline: parent.pipeline }, project);
    const chosen = inOrderOf(parent.classes, chooseImages(material.dataset, project));
    assertSameMaterial(parent, material, chosen);
    const record: RunRecord = {
      ...named(planRecord(material, chosen, await this.#newRunFacts(project)), name),
      ...{ continues: parent.id, continuesAfter: { step: position.step, epoch: position.epoch } },
      bestEpoch: position.best?.epoch ?? null,
    };
    const metrics = await this.#metricsUpTo(project, parent.id, position);
    // The record comes last: a folder without one is a start that a crash undid.
    await storeCheckpoint(project.paths.run(record.id).checkpoints, checkpoint, [checkpoint.bytes]);
    await writeMetrics(project.paths, record.id, metrics);
    return this.#begin(record, metrics, material, chosen);
  }

  /** What a training is made from, without the images that a person left out. */
  async #gather(
    parts: Omit<Parameters<typeof gatherMaterial>[1], 'project'>,
    project: RunProject,
  ): Promise<RunMaterial> {
    const material = await gatherMaterial(this.#deps, { ...parts, project });
    const leftOut = this.#deps.leftOut(project.id);
    if (leftOut.size === 0) return material;
    const images = material.dataset.images.filter(({ id }) => !leftOut.has(id));
    return { ...material, dataset: { ...material.dataset, images } };
  }

  /** Resolves when nothing is being started. */
  settled(): Promise<void> {
    return this.#starts.settled();
  }

  #writable(projectId: ProjectId): RunProject {
    const project = this.#deps.project(projectId);
    project.assertWritable();
    return project;
  }

  async #newRunFacts(project: RunProject): Promise<Parameters<typeof planRecord>[2]> {
    const number = 1 + Math.max(0, ...(await listRunRecords(project.paths)).map((record) => record.number));
    return {
      id: v.parse(runIdSchema, `run-${number}-${randomBytes(2).toString('hex')}`),
      number,
      createdAt: this.#deps.now().toISOString(),
      versions: { graft: this.#deps.version, node: process.versions.node },
      machine: describeMachine(),
      frozenTest: nameFrozenTest(this.#deps.frozenTest(project.id)),
    };
  }

  async #metricsUpTo({ paths }: RunProject, runId: RunId, position: TrainingPosition): Promise<readonly Metric[]> {
    return (await readMetrics(paths, runId)).filter((metric) => isRecordedUpTo(metric, position));
  }

  async #lastCheckpoint({ paths }: RunProject, runId: RunId): Promise<StoredCheckpoint> {
    const checkpoint = await findLatestCheckpoint(paths.run(runId).checkpoints);
    if (checkpoint) return checkpoint;
    throw new AppError('conflict', say('runNoCheckpoint'));
  }

  async #begin(
    record: RunRecord,
    metrics: readonly Metric[],
    material: RunMaterial,
    chosen: RunImages,
  ): Promise<RunSnapshot> {
    await this.#deps.makeRoom();
    await writeRunRecord(material.project.paths, record);
    const live = this.#teller.begin(record, metrics);
    this.#queue.add(plan(this.#deps, live, material, chosen));
    this.#deps.emit('project.listChanged', {});
    return live.snapshot();
  }
}

function nameFrozenTest(frozen: FrozenTest | null): RunRecord['frozenTest'] {
  if (frozen === null) return null;
  const { frozenAt, hash, relabelled, joined, left } = frozen;
  return { frozenAt, hash, isUntouched: relabelled + joined + left === 0 };
}

function named(record: RunRecord, name: string): RunRecord {
  return { ...record, name: name.slice(0, 80) };
}

function withChange(recipe: Recipe, change: Partial<Recipe>): Recipe {
  const parsed = v.safeParse(recipeSchema, { ...recipe, ...change });
  if (parsed.success) return parsed.output;
  throw new AppError('bad-input', describeIssue(parsed.issues[0], 'recipe'));
}

function plan(
  { findChangedFiles }: Pick<RunServiceDeps, 'findChangedFiles'>,
  live: PlannedRun['live'],
  material: RunMaterial,
  chosen: RunImages,
): PlannedRun {
  const { project } = material;
  const runFolder = project.paths.run(live.record.id).folder;
  return {
    live,
    project,
    makeJob: (runtime) => {
      // Of the record: a run that begins again with a smaller batch has another recipe than it was planned with.
      const { recipe } = live.record;
      return { kind: 'train', runFolder, ...trainingMaterial({ ...material, recipe }, chosen, runtime) };
    },
    checkFiles: async (signal) =>
      assertUnchanged(await findChangedFiles(project.id, chosen.images, signal), material.dataset.images),
  };
}
