import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { jobIdSchema, type JobId, type ProjectId } from '../../../src-shared/domain/ids.ts';
import type { CommandInput } from '../../../src-shared/contract/contract.ts';
import type { Probe } from '../../../src-shared/domain/probe.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { InTurn } from '../../../src-shared/lib/in-turn.ts';
import type { CostJob, FromTrainer, LearningRateJob, SafetyJob } from '../../jobs/trainer-protocol.ts';
import { refuseInMultiLabel } from '../project/labelling.ts';
import { reasonOf } from '../run/reason-of.ts';
import { gatherMaterial } from '../run/gather-material.ts';
import { assertTrainable, chooseImages, trainingMaterial } from '../run/run-plan.ts';
import type { RunProject, RunServiceDeps } from '../run/run-ports.ts';
import { readPredictions, readRunRecord } from '../run/run-store.ts';
import { startTrainerSession, type TrainerOutcome, type TrainerSession } from '../run/trainer-session.ts';
import { countImage, planSafety, type SafetyPlan } from './safety-plan.ts';

export interface ProbeServiceDeps extends Pick<
  RunServiceDeps,
  'project' | 'readDataset' | 'readPipeline' | 'findBackbone' | 'runtime' | 'processStarter' | 'emit'
> {
  /** True while a training is at work or waits. */
  readonly isTraining: () => boolean;
}

/** A probe keeps nothing: it need not be asked long to stop. */
const stopPatienceMs = 3_000;

type ProbeJob = LearningRateJob | CostJob | SafetyJob;

interface RunningProbe {
  probe: Probe;
  /** Of a check of safety. */
  readonly safety: SafetyPlan | null;
  readonly abort: AbortController;
  session: TrainerSession | null;
  ended: Promise<void>;
}

/** Tries recipes and pipelines: one at a time, never beside a training, and without a trace in the project. */
export class ProbeService {
  readonly #deps: ProbeServiceDeps;
  #running: RunningProbe | null = null;
  readonly #starts = new InTurn();

  constructor(deps: ProbeServiceDeps) {
    this.#deps = deps;
  }

  /**
   * Starts a try of a recipe in place of the probe at work; `probe.changed` tells how it goes.
   *
   * AppError conflict while a training is at work, and when this recipe and these images cannot train.
   */
  start(kind: RecipeProbeKind, projectId: ProjectId, recipe: Recipe): Promise<Probe> {
    return this.#starts.do(async () => {
      const project = this.#deps.project(projectId);
      project.assertWritable();
      this.#assertIdle();
      const pipeline = await this.#deps.readPipeline(projectId, recipe.pipelineId);
      const material = await gatherMaterial(this.#deps, { project, recipe, pipeline });
      const chosen = chooseImages(material.dataset, project);
      assertTrainable(material, chosen);
      return this.#startNow(newProbe(kind, projectId), null, async (folder, signal) => {
        await mkdir(folder, { recursive: true });
        const runtime = await this.#deps.runtime.ensureFor(recipe.mode, signal);
        return toJob(kind, { ...trainingMaterial(material, chosen, runtime), runFolder: folder });
      });
    });
  }

  /**
   * Starts to try each random step of a pipeline on images that a run judges right, in place of the probe at work.
   *
   * AppError conflict while a training is at work, and where there is nothing to try.
   */
  checkSafety({ projectId, runId, pipeline }: CommandInput<'probe.checkSafety'>): Promise<Probe> {
    return this.#starts.do(async () => {
      const { paths } = this.#deps.project(projectId);
      this.#assertIdle();
      const record = await readRunRecord(paths, runId);
      refuseInMultiLabel(record, say('whatSafetyChecks'));
      const dataset = await this.#deps.readDataset(projectId);
      const plan = planSafety({ record, pipeline, predictions: await readPredictions(paths, runId), dataset, paths });
      const probe: Probe = { kind: 'safety', ...newCommon(projectId), report: plan.report };
      return this.#startNow(probe, plan, async (_folder, signal) => {
        const { folder: backboneFolder, record: backbone } = await this.#deps.findBackbone(record.recipe.backbone);
        const runtime = await this.#deps.runtime.ensureFor('prediction', signal);
        const { images, trials } = plan;
        return {
          kind: 'check-safety',
          runFolder: paths.run(runId).folder,
          ...{ backboneFolder, backbone, pipeline, runtime, images },
          trials: trials.map(({ steps }) => steps),
        };
      });
    });
  }

  /** AppError conflict when it is not at work any more. */
  cancel(jobId: JobId): void {
    if (this.#running?.probe.id !== jobId) throw new AppError('conflict', say('probeNotAtWork'));
    stop(this.#running);
  }

  /** Ends the probe at work, if any; resolves when its process is gone. A training comes first. */
  async giveWay(): Promise<void> {
    await this.#starts.settled();
    const running = this.#running;
    if (!running) return;
    stop(running);
    await running.ended;
  }

  /** Whether a probe reads images of a project. */
  isBusy(): boolean {
    return this.#running !== null;
  }

  #assertIdle(): void {
    if (this.#deps.isTraining()) throw new AppError('conflict', say('probeBesideTraining'), { retry: true });
  }

  async #startNow(probe: Probe, safety: SafetyPlan | null, makeJob: MakeJob): Promise<Probe> {
    const earlier = this.#running;
    if (earlier) stop(earlier);
    await earlier?.ended;
    const abort = new AbortController();
    const running: RunningProbe = { probe, safety, abort, session: null, ended: Promise.resolve() };
    this.#running = running;
    running.ended = this.#work(running, this.#deps.project(probe.projectId), makeJob);
    return probe;
  }

  /** Never rejects: how it ends is told by the probe. */
  async #work(running: RunningProbe, { paths }: RunProject, makeJob: MakeJob): Promise<void> {
    const { signal } = running.abort;
    const folder = path.join(paths.cache, 'probes', running.probe.id);
    try {
      const job = await makeJob(folder, signal);
      signal.throwIfAborted();
      running.session = startTrainerSession({
        starter: this.#deps.processStarter,
        job,
        onMessage: (message) => this.#apply(running, message),
      });
      this.#conclude(running, await running.session.ended);
    } catch (error) {
      this.#fail(running, error);
    } finally {
      await rm(folder, { recursive: true, force: true });
      if (this.#running === running) this.#running = null;
    }
  }

  #apply(running: RunningProbe, message: FromTrainer): void {
    const { probe } = running;
    if (message.type === 'progress') this.#change(running, { ...probe, value: message.progress.value });
    else if (message.type === 'trials-judged') this.#countImage(running, message);
    else if (message.type === 'rates-tried' && probe.kind === 'learning-rate')
      this.#change(running, { ...probe, search: { ...probe.search, points: message.points } });
  }

  #countImage(running: RunningProbe, { imageId, predicted }: Extract<FromTrainer, { type: 'trials-judged' }>): void {
    const { probe, safety } = running;
    const image = safety?.images.find((one) => one.imageId === imageId);
    if (probe.kind !== 'safety' || !safety || !image) return;
    const report = countImage(probe.report, image, predicted);
    this.#change(running, { ...probe, value: probe.value + 1 / safety.images.length, report });
  }

  #conclude(running: RunningProbe, outcome: TrainerOutcome): void {
    const { probe, abort } = running;
    if (abort.signal.aborted) this.#change(running, { ...probe, status: 'cancelled' });
    else if (outcome.kind === 'failed') throw AppError.fromShape(outcome.error);
    else if (outcome.kind === 'lost') throw new AppError('training-failed', outcome.reason, { retry: true });
    else if (outcome.message.type === 'rate-found' && probe.kind === 'learning-rate')
      this.#change(running, { ...probe, status: 'completed', value: 1, search: outcome.message.search });
    else if (outcome.message.type === 'cost-measured' && probe.kind === 'cost')
      this.#change(running, { ...probe, status: 'completed', value: 1, cost: outcome.message.cost });
    else if (outcome.message.type === 'safety-checked')
      this.#change(running, { ...probe, status: 'completed', value: 1 });
    else throw new Error('The trainer did another job');
  }

  #fail(running: RunningProbe, error: unknown): void {
    const { probe, abort } = running;
    if (abort.signal.aborted) {
      this.#change(running, { ...probe, status: 'cancelled' });
      return;
    }
    this.#change(running, { ...probe, status: 'failed', reason: reasonOf(error) });
  }

  #change(running: RunningProbe, probe: Probe): void {
    running.probe = probe;
    this.#deps.emit('probe.changed', { probe });
  }
}

function stop(running: RunningProbe): void {
  running.abort.abort(new AppError('cancelled', say('probeStopped')));
  running.session?.cancel(stopPatienceMs);
}

/** Makes the work; `folder` is scratch for whoever makes it, and removed in the end. */
type MakeJob = (folder: string, signal: AbortSignal) => Promise<ProbeJob>;

type RecipeProbeKind = Exclude<Probe['kind'], 'safety'>;

function newCommon(projectId: ProjectId): Pick<Probe, 'id' | 'projectId' | 'status' | 'value' | 'reason'> {
  const id = v.parse(jobIdSchema, `probe-${randomBytes(6).toString('hex')}`);
  return { id, projectId, status: 'working', value: 0, reason: null };
}

function newProbe(kind: RecipeProbeKind, projectId: ProjectId): Probe {
  const common = newCommon(projectId);
  return kind === 'cost'
    ? { kind, ...common, cost: null }
    : { kind, ...common, search: { points: [], steepest: null, valley: null } };
}

function toJob(kind: RecipeProbeKind, material: Omit<CostJob, 'kind'>): LearningRateJob | CostJob {
  // A measured cost must not depend on what happens to be cached; a search may leave features for the run.
  if (kind === 'learning-rate') return { ...material, kind: 'find-learning-rate' };
  return { ...material, kind: 'measure-cost', featureCacheFolder: path.join(material.runFolder, 'features') };
}
