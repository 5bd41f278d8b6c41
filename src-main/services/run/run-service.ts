import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { CommandInput, CommandOutput } from '../../../src-shared/contract/contract.ts';
import type {
  Comparison,
  RunSnapshot,
  ValidationCurve,
  WrongInEveryRun,
} from '../../../src-shared/contract/run.contract.ts';
import type { BackboneName } from '../../../src-shared/domain/backbone.ts';
import { heldOutSplit, type Split } from '../../../src-shared/domain/dataset.ts';
import { evaluate, type Evaluation } from '../../../src-shared/domain/evaluation.ts';
import { evaluateLabels, type LabelEvaluation } from '../../../src-shared/domain/label-evaluation.ts';
import { presenceThreshold } from '../../../src-shared/domain/labelling.ts';
import type { ProjectId, RunId } from '../../../src-shared/domain/ids.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import {
  isActiveStatus,
  validationPoints,
  type LabelPrediction,
  type Prediction,
  type RunRecord,
} from '../../../src-shared/domain/run.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { PredictJob } from '../../jobs/trainer-protocol.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';
import type { RunSummary } from '../project/project-summary.ts';
import { refuseInMultiLabel } from '../project/labelling.ts';
import { compareRuns, type JudgedRun } from './compare-runs.ts';
import { Judgings } from './judgings.ts';
import { Predictors, type PredictOptions, type RawPrediction } from './predictors.ts';
import type { RunProject, RunServiceDeps } from './run-ports.ts';
import { RunQueue } from './run-queue.ts';
import { RunStarter } from './run-starter.ts';
import {
  hasWeights,
  listRunRecords,
  readLabelPredictions,
  readMetrics,
  readPredictions,
  readRunRecord,
  weightsVersion,
  writeRunRecord,
} from './run-store.ts';
import { RunTeller } from './run-teller.ts';
import { seenBox } from '../pipeline/seen-box.ts';
import type { TrainerPatience } from './trainer-session.ts';
import { wrongInEveryRun } from './wrong-in-every-run.ts';

type AnyPrediction = Prediction | LabelPrediction;

const topCount = 5;
const lostReason = say('runInterrupted');

/** Trainings of the open projects: starts them, follows them, judges them and lets them predict. */
export class RunService {
  readonly #deps: RunServiceDeps;
  readonly #queue: RunQueue;
  readonly #predictors: Predictors;
  readonly #judgings: Judgings;
  readonly #teller: RunTeller;
  readonly #starter: RunStarter;

  constructor(deps: RunServiceDeps, patience?: TrainerPatience) {
    this.#deps = deps;
    this.#queue = new RunQueue(deps, patience);
    this.#predictors = new Predictors(deps.processStarter);
    this.#judgings = new Judgings({
      emit: deps.emit,
      predict: (record, images, options) => {
        const { paths } = deps.project(record.projectId);
        const files = images.map(({ id, format }) => paths.image(id, format));
        return this.#predictFiles(record, files, options);
      },
    });
    this.#teller = new RunTeller(deps.emit);
    this.#starter = new RunStarter(deps, this.#queue, this.#teller);
  }

  /** A new run; checks everything that can be checked before a trainer starts. */
  start(projectId: ProjectId, recipe: Recipe): Promise<RunSnapshot> {
    return this.#starter.start(projectId, recipe);
  }

  /** Goes on with a run that ended early. AppError conflict when it cannot go on as if it had never stopped. */
  resume(projectId: ProjectId, runId: RunId): Promise<RunSnapshot> {
    // Its weights are about to change.
    this.#judgings.cancel(runId);
    return this.#starter.resume(projectId, () => this.#settledRecord(projectId, runId));
  }

  /** Trains a complete run for more epochs, as a new run. AppError conflict when it cannot. */
  extend(projectId: ProjectId, runId: RunId, epochs: number): Promise<RunSnapshot> {
    return this.#starter.extend(projectId, () => this.#settledRecord(projectId, runId), epochs);
  }

  /** Goes on with a run that ended early, with a smaller batch, as a new run. AppError conflict when it cannot. */
  continueSmaller(projectId: ProjectId, runId: RunId, batchSize: number): Promise<RunSnapshot> {
    return this.#starter.continueSmaller(projectId, () => this.#settledRecord(projectId, runId), batchSize);
  }

  /** True while any run is at work or waits for its turn. */
  isBusy(): boolean {
    return this.#queue.isBusy();
  }

  /** Latest first. */
  async list(projectId: ProjectId): Promise<RunRecord[]> {
    const project = this.#deps.project(projectId);
    const records = await listRunRecords(project.paths);
    return Promise.all(records.map((record) => this.#current(project, record)));
  }

  /** In the order of `list`. */
  async curves(projectId: ProjectId): Promise<ValidationCurve[]> {
    const { paths } = this.#deps.project(projectId);
    const records = await listRunRecords(paths);
    return Promise.all(
      records.map(async ({ id }) => {
        const metrics = this.#queue.find(id)?.snapshot().metrics ?? (await readMetrics(paths, id));
        return { runId: id, points: validationPoints(metrics) };
      }),
    );
  }

  async get(projectId: ProjectId, runId: RunId): Promise<RunSnapshot> {
    const live = this.#queue.find(runId);
    if (live) return live.snapshot();
    const project = this.#deps.project(projectId);
    const record = await this.record(projectId, runId);
    const metrics = await readMetrics(project.paths, runId);
    return { seq: this.#teller.lastSeq(runId), record, metrics, progress: null };
  }

  /** AppError not-found when there is no such run. */
  async record(projectId: ProjectId, runId: RunId): Promise<RunRecord> {
    const project = this.#deps.project(projectId);
    return this.#current(project, await readRunRecord(project.paths, runId));
  }

  /** The record of a run that is about to go on: one that ends in this moment has ended. */
  async #settledRecord(projectId: ProjectId, runId: RunId): Promise<RunRecord> {
    await this.#queue.settled(runId);
    return this.record(projectId, runId);
  }

  /** What is true now of a record read from disk: at work, or left behind by a process that is gone. */
  async #current(project: RunProject, record: RunRecord): Promise<RunRecord> {
    const live = this.#queue.find(record.id);
    if (live) return live.record;
    if (!isActiveStatus(record.status)) return record;
    if (project.readOnlyBecause !== null) {
      // The writer may be training it. Where there is none, nobody is, and nothing may be saved.
      return project.isWriterAlive() ? record : { ...record, status: 'interrupted', reason: lostReason };
    }
    // Read again: the run may have ended between the reading and the look into the queue.
    const latest = await readRunRecord(project.paths, record.id);
    if (!isActiveStatus(latest.status) || this.#queue.find(record.id)) return latest;
    return this.#saveAndTell(project, {
      ...latest,
      status: 'interrupted',
      reason: lostReason,
      endedAt: this.#deps.now().toISOString(),
    });
  }

  /** Returns at once; the run tells when it has stopped. AppError conflict when it is not at work. */
  cancel(projectId: ProjectId, runId: RunId): void {
    this.#deps.project(projectId).assertWritable();
    if (!this.#queue.find(runId)) throw new AppError('conflict', say('runNotAtWork'));
    this.#queue.cancel(runId);
  }

  async rename(projectId: ProjectId, runId: RunId, name: string): Promise<RunRecord> {
    const project = this.#deps.project(projectId);
    project.assertWritable();
    const live = this.#queue.find(runId);
    if (!live) return this.#saveAndTell(project, { ...(await this.record(projectId, runId)), name });
    await this.#queue.change(runId, { name });
    return live.record;
  }

  /**
   * From the predictions saved at the end of the run, with the labels as they were then; for a split without any, from predictions made
   * now with the kept weights, with the labels as they are now.
   */
  async evaluate(projectId: ProjectId, runId: RunId, split: Split | null): Promise<Evaluation> {
    const { record, predictions } = await this.#judged(projectId, runId);
    if (record.labelling === 'multi-label') throw new AppError('unsupported', say('runIsMultiLabel'));
    const judged = await this.#predictionsOf(record, predictions, split);
    return evaluate(judged.predictions.filter(isOfOneClass), record.classes, judged.split);
  }

  /** The same of a multi-label run. */
  async evaluateLabels(projectId: ProjectId, runId: RunId, split: Split | null): Promise<LabelEvaluation> {
    const { paths } = this.#deps.project(projectId);
    const record = await this.record(projectId, runId);
    if (record.labelling !== 'multi-label') throw new AppError('unsupported', say('runIsSingleLabel'));
    const judged = await this.#predictionsOf(record, await readLabelPredictions(paths, runId), split);
    return evaluateLabels(judged.predictions.filter(isOfLabels), record.classes, judged.split);
  }

  /** Those that were saved, or new ones where there are none of the split. */
  async #predictionsOf(
    record: RunRecord,
    saved: readonly AnyPrediction[],
    split: Split | null,
  ): Promise<{ readonly split: Split; readonly predictions: readonly AnyPrediction[] }> {
    const chosen = split ?? heldOutSplit(saved);
    if (saved.some((prediction) => prediction.split === chosen)) return { split: chosen, predictions: saved };
    if (isActiveStatus(record.status)) {
      throw new AppError('not-found', say('runNotJudged'));
    }
    const dataset = await this.#deps.readDataset(record.projectId);
    const missing = split ?? heldOutSplit(dataset.images);
    return { split: missing, predictions: await this.#judgings.judge({ record, dataset, split: missing }) };
  }

  /** Stops the evaluations of a run that make their predictions; they reject as cancelled. */
  cancelEvaluation(projectId: ProjectId, runId: RunId): void {
    this.#deps.project(projectId);
    this.#judgings.cancel(runId);
  }

  async compare(projectId: ProjectId, a: RunId, b: RunId): Promise<Comparison> {
    const [ofA, ofB] = await Promise.all([this.#judged(projectId, a), this.#judged(projectId, b)]);
    refuseInMultiLabel(ofA.record, say('whatComparisons'));
    return compareRuns(ofA, ofB);
  }

  /** A run with what its kept weights said about the held-out images at its end; none when it was never judged. */
  async predictions(projectId: ProjectId, runId: RunId): Promise<Omit<JudgedRun, 'metrics'>> {
    const { paths } = this.#deps.project(projectId);
    return { record: await this.record(projectId, runId), predictions: await readPredictions(paths, runId) };
  }

  /** Null before two runs were judged on the same split. */
  async wrongInEvery(projectId: ProjectId): Promise<WrongInEveryRun | null> {
    const { paths } = this.#deps.project(projectId);
    const records = await this.list(projectId);
    return wrongInEveryRun(
      await Promise.all(
        records.map(async (record) => ({ record, predictions: await readPredictions(paths, record.id) })),
      ),
    );
  }

  async predict({ projectId, runId, source }: CommandInput<'run.predict'>): Promise<CommandOutput<'run.predict'>> {
    const startedAt = performance.now();
    const path =
      source.kind === 'upload'
        ? await this.#deps.uploadedFile(source.uploadId)
        : this.#deps.imageFile(projectId, source.imageId);
    const record = await this.record(projectId, runId);
    const { probabilities, width, height } = await this.predictFile(record, path);
    const backbone = await this.#deps.findBackbone(record.recipe.backbone);
    const threshold = record.labelling === 'multi-label' ? presenceThreshold : null;
    const ranked = probabilities
      .map((probability, index) => ({ class: record.classes[index]?.name ?? '', probability }))
      .sort((a, b) => b.probability - a.probability);
    const top = ranked.filter(({ probability }, rank) => rank < topCount || probability >= (threshold ?? Infinity));
    const seen = seenBox({ width, height }, record.pipeline.evaluation, backbone.record);
    return { top, threshold, width, height, seen: [...seen], milliseconds: performance.now() - startedAt };
  }

  /** What the run's kept weights say about one file of this machine. */
  async predictFile(record: RunRecord, path: string): Promise<RawPrediction> {
    const [result] = await this.#predictFiles(record, [path]);
    if (result?.status !== 'fulfilled') throw result?.reason;
    return result.value;
  }

  /** True while a run of this project is at work or queued. */
  isTraining(projectId: ProjectId): boolean {
    return this.#queue.isTraining(projectId);
  }

  /** What the home page tells about the runs of a project, open or not. */
  async summarize({ id, paths }: Pick<RunProject, 'id' | 'paths'>): Promise<RunSummary> {
    const records = await listRunRecords(paths);
    const accuracies = records.flatMap(({ result }) => (result === null ? [] : [result.accuracy]));
    const bestAccuracy = accuracies.length === 0 ? null : Math.max(...accuracies);
    return { runCount: records.length, bestAccuracy, isTraining: this.#queue.isTraining(id) };
  }

  /** Whether a project, open or not, has runs on a backbone. */
  async areOn(paths: ProjectPaths, backbone: BackboneName): Promise<boolean> {
    return (await listRunRecords(paths)).some(({ recipe }) => recipe.backbone === backbone);
  }

  /** Ends, as interrupted, the runs that a crash left as if they were at work; for a project just opened for writing. */
  async recover(projectId: ProjectId): Promise<void> {
    await this.list(projectId);
  }

  /** Ends trainings as interrupted and predictors; resolves when their processes are gone. */
  async close(): Promise<void> {
    await this.#starter.settled();
    await Promise.all([this.#queue.close(), this.#predictors.close()]);
  }

  async #judged(projectId: ProjectId, runId: RunId): Promise<JudgedRun> {
    const { paths } = this.#deps.project(projectId);
    const record = await this.record(projectId, runId);
    const [metrics, predictions] = await Promise.all([readMetrics(paths, runId), readPredictions(paths, runId)]);
    return { record, metrics, predictions };
  }

  async #predictFiles(
    record: RunRecord,
    files: readonly string[],
    options?: PredictOptions,
  ): Promise<readonly PromiseSettledResult<RawPrediction>[]> {
    const version = await weightsVersion(this.#deps.project(record.projectId).paths, record.id);
    return this.#predictors.predict({ runId: record.id, version }, () => this.#makePredictJob(record), files, options);
  }

  async #makePredictJob(record: RunRecord): Promise<PredictJob> {
    const { paths } = this.#deps.project(record.projectId);
    if (!(await hasWeights(paths, record.id))) {
      throw new AppError('not-found', say('runNoWeights'));
    }
    const { folder: backboneFolder, record: backbone } = await this.#deps.findBackbone(record.recipe.backbone);
    const runtime = await this.#deps.runtime.ensureFor('prediction', new AbortController().signal);
    return {
      kind: 'predict',
      runFolder: paths.run(record.id).folder,
      backboneFolder,
      backbone,
      pipeline: record.pipeline,
      runtime,
    };
  }

  async #saveAndTell(project: RunProject, record: RunRecord): Promise<RunRecord> {
    await writeRunRecord(project.paths, record);
    this.#teller.tell(record);
    return record;
  }
}

function isOfOneClass(prediction: AnyPrediction): prediction is Prediction {
  return 'label' in prediction;
}

function isOfLabels(prediction: AnyPrediction): prediction is LabelPrediction {
  return 'labels' in prediction;
}
