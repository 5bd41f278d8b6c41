import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { jobIdSchema, type JobId, type ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Probe } from '../../../src-shared/domain/probe.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { InTurn } from '../../../src-shared/lib/in-turn.ts';
import type { CostJob, FromTrainer, LearningRateJob } from '../../jobs/trainer-protocol.ts';
import { reasonOf } from '../run/reason-of.ts';
import { gatherMaterial } from '../run/gather-material.ts';
import { assertTrainable, chooseImages, trainingMaterial } from '../run/run-plan.ts';
import type { RunServiceDeps } from '../run/run-ports.ts';
import { startTrainerSession, type TrainerOutcome, type TrainerSession } from '../run/trainer-session.ts';

export interface ProbeServiceDeps extends Pick<
  RunServiceDeps,
  'project' | 'readDataset' | 'readPipeline' | 'findBackbone' | 'runtime' | 'processStarter' | 'emit'
> {
  /** True while a training is at work or waits. */
  readonly isTraining: () => boolean;
}

/** A probe keeps nothing: it need not be asked long to stop. */
const stopPatienceMs = 3_000;

interface RunningProbe {
  probe: Probe;
  readonly abort: AbortController;
  session: TrainerSession | null;
  ended: Promise<void>;
}

/** Tries recipes before a run: one at a time, never beside a training, and without a trace in the project. */
export class ProbeService {
  readonly #deps: ProbeServiceDeps;
  #running: RunningProbe | null = null;
  readonly #starts = new InTurn();

  constructor(deps: ProbeServiceDeps) {
    this.#deps = deps;
  }

  /**
   * Starts a probe in place of the one at work; `probe.changed` tells how it goes.
   *
   * AppError conflict while a training is at work, and when this recipe and these images cannot train.
   */
  start(kind: Probe['kind'], projectId: ProjectId, recipe: Recipe): Promise<Probe> {
    return this.#starts.do(() => this.#startNow(kind, projectId, recipe));
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

  async #startNow(kind: Probe['kind'], projectId: ProjectId, recipe: Recipe): Promise<Probe> {
    const project = this.#deps.project(projectId);
    project.assertWritable();
    if (this.#deps.isTraining()) {
      throw new AppError('conflict', say('probeBesideTraining'), { retry: true });
    }
    const pipeline = await this.#deps.readPipeline(projectId, recipe.pipelineId);
    const material = await gatherMaterial(this.#deps, { project, recipe, pipeline });
    const chosen = chooseImages(material.dataset, project);
    assertTrainable(material, chosen);
    const earlier = this.#running;
    if (earlier) stop(earlier);
    await earlier?.ended;
    const probe = newProbe(kind, projectId);
    const running: RunningProbe = { probe, abort: new AbortController(), session: null, ended: Promise.resolve() };
    this.#running = running;
    const folder = path.join(project.paths.cache, 'probes', probe.id);
    running.ended = this.#work(running, folder, async () => {
      const runtime = await this.#deps.runtime.ensureFor(recipe.mode, running.abort.signal);
      return toJob(kind, { ...trainingMaterial(material, chosen, runtime), runFolder: folder });
    });
    return probe;
  }

  /** Never rejects: how it ends is told by the probe. */
  async #work(running: RunningProbe, folder: string, makeJob: () => Promise<LearningRateJob | CostJob>): Promise<void> {
    try {
      await mkdir(folder, { recursive: true });
      const job = await makeJob();
      running.abort.signal.throwIfAborted();
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
    else if (message.type === 'rates-tried' && probe.kind === 'learning-rate')
      this.#change(running, { ...probe, search: { ...probe.search, points: message.points } });
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

function newProbe(kind: Probe['kind'], projectId: ProjectId): Probe {
  const id = v.parse(jobIdSchema, `probe-${randomBytes(6).toString('hex')}`);
  const common = { id, projectId, status: 'working', value: 0, reason: null } as const;
  return kind === 'cost'
    ? { kind, ...common, cost: null }
    : { kind, ...common, search: { points: [], steepest: null, valley: null } };
}

function toJob(kind: Probe['kind'], material: Omit<CostJob, 'kind'>): LearningRateJob | CostJob {
  // A measured cost must not depend on what happens to be cached; a search may leave features for the run.
  if (kind === 'learning-rate') return { ...material, kind: 'find-learning-rate' };
  return { ...material, kind: 'measure-cost', featureCacheFolder: path.join(material.runFolder, 'features') };
}
