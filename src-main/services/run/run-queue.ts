import { AppError } from '../../../src-shared/contract/app-error.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { ProjectId, RunId } from '../../../src-shared/domain/ids.ts';
import { isActiveStatus, type EpochMetric, type RunRecord } from '../../../src-shared/domain/run.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { FromTrainer, TrainJob } from '../../jobs/trainer-protocol.ts';
import type { TensorFlowRuntime } from '../../runtime/runtime.ts';
import { reasonOf } from './reason-of.ts';
import type { LiveRun } from './live-run.ts';
import type { RunProject, RunServiceDeps } from './run-ports.ts';
import { judgeRun } from './judge-run.ts';
import { clearTraining, writeRunRecord } from './run-store.ts';
import { batchToBeginAgain, memoryEnd } from './smaller-batch.ts';
import {
  defaultPatience,
  startTrainerSession,
  type TrainerOutcome,
  type TrainerPatience,
  type TrainerSession,
} from './trainer-session.ts';

/** A run that waits for its turn or has it. */
export interface PlannedRun {
  readonly live: LiveRun;
  readonly project: RunProject;
  readonly makeJob: (runtime: TensorFlowRuntime | null) => TrainJob;
  /** Throws AppError damaged-file when an image's file is not what it was when it came in. */
  readonly checkFiles: (signal: AbortSignal) => Promise<void>;
}

type StopReason = 'cancelled' | 'closing';

interface QueuedRun extends PlannedRun {
  readonly abort: AbortController;
  session: TrainerSession | null;
  stopReason: StopReason | null;
  /** Resolves when the run has ended and is saved. */
  worked: Promise<void>;
  /** Saves of run.json, one after the other; changes that come meanwhile share the next one. */
  saved: Promise<void>;
  isUnsaved: boolean;
}

type QueueDeps = Pick<RunServiceDeps, 'runtime' | 'processStarter' | 'emit' | 'now'>;

/** A closing core waits no longer than this for a trainer to keep what it has. */
const closingPatienceMs = 5_000;
const closedReason = say('runClosed');

/** Trains one run at a time, in the order in which they came, and carries what the trainer says into their records. */
export class RunQueue {
  readonly #deps: QueueDeps;
  readonly #patience: TrainerPatience;
  readonly #runs = new Map<RunId, QueuedRun>();
  #working: Promise<void> = Promise.resolve();
  #isClosing = false;

  constructor(deps: QueueDeps, patience: TrainerPatience = defaultPatience) {
    this.#deps = deps;
    this.#patience = patience;
  }

  /** Puts a run at the end; its record is already saved. */
  add(planned: PlannedRun): void {
    const run: QueuedRun = {
      ...planned,
      abort: new AbortController(),
      session: null,
      stopReason: null,
      worked: Promise.resolve(),
      saved: Promise.resolve(),
      isUnsaved: false,
    };
    this.#runs.set(planned.live.record.id, run);
    this.#working = run.worked = this.#working.then(() => this.#work(run));
  }

  /** Resolves when a run that has ended is saved too; at once for every other. */
  async settled(runId: RunId): Promise<void> {
    const run = this.#runs.get(runId);
    if (run && !isActiveStatus(run.live.record.status)) await run.worked;
  }

  /** The run while it is queued or at work. */
  find(runId: RunId): LiveRun | undefined {
    return this.#runs.get(runId)?.live;
  }

  isBusy(): boolean {
    return [...this.#runs.values()].some(({ live }) => isActiveStatus(live.record.status));
  }

  isTraining(projectId: ProjectId): boolean {
    return [...this.#runs.values()].some(({ project }) => project.id === projectId);
  }

  /** Changes a run's record and saves it; for changes that come from a person. */
  async change(runId: RunId, patch: Partial<RunRecord>): Promise<void> {
    const run = this.#runs.get(runId);
    if (!run) return;
    this.#change(run, patch);
    await run.saved;
  }

  cancel(runId: RunId): void {
    const run = this.#runs.get(runId);
    if (run) this.#stop(run, 'cancelled', this.#patience.cancelMs);
  }

  /** Stops everything; resolves when no trainer is left and every record is saved. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const run of this.#runs.values()) this.#stop(run, 'closing', closingPatienceMs);
    await this.#working;
  }

  #stop(run: QueuedRun, reason: StopReason, patienceMs: number): void {
    run.stopReason ??= reason;
    run.abort.abort(new AppError('cancelled', 'The run was stopped.'));
    run.session?.cancel(patienceMs);
  }

  /** Never rejects: the next run must have its turn. */
  async #work(run: QueuedRun): Promise<void> {
    const startedAt = this.#deps.now().getTime();
    const patch = await this.#train(run).catch((error: unknown) => this.#whyFailed(run, error));
    const endedAt = this.#deps.now();
    // A run that was taken up again has worked before.
    const seconds = (run.live.record.seconds ?? 0) + (endedAt.getTime() - startedAt) / 1000;
    await this.#end(run, { ...patch, endedAt: endedAt.toISOString(), seconds });
    this.#runs.delete(run.live.record.id);
    this.#deps.emit('project.listChanged', {});
  }

  async #train(run: QueuedRun): Promise<Partial<RunRecord>> {
    run.abort.signal.throwIfAborted();
    if (this.#isClosing) return { status: 'interrupted', reason: closedReason };
    this.#change(run, { status: 'preparing' });
    await run.checkFiles(run.abort.signal);
    const { mode } = run.live.record.recipe;
    const runtime = await this.#deps.runtime.ensureFor(mode, run.abort.signal);
    run.abort.signal.throwIfAborted();
    for (;;) {
      run.session = startTrainerSession({
        starter: this.#deps.processStarter,
        job: run.makeJob(runtime),
        onMessage: (message) => this.#apply(run, message),
        patience: this.#patience,
      });
      const outcome = await run.session.ended;
      const batchSize = run.stopReason === null ? batchToBeginAgain(outcome, run.live.snapshot()) : null;
      if (batchSize === null) return this.#conclude(run, outcome);
      await this.#beginAgain(run, batchSize);
      run.abort.signal.throwIfAborted();
    }
  }

  /** With a smaller batch, as if the recipe had asked for that: the same recipe then gives the same bits. */
  async #beginAgain(run: QueuedRun, batchSize: number): Promise<void> {
    const { recipe, plannedBatchSize } = run.live.record;
    await run.saved;
    // Before the record: checkpoints of one batch size must not be gone on with by another.
    await clearTraining(run.project.paths, run.live.record.id);
    run.live.beginAgain({
      status: 'preparing',
      recipe: { ...recipe, batchSize },
      plannedBatchSize: plannedBatchSize ?? recipe.batchSize,
      ...{ bestEpoch: null, stageCache: null },
      // It now begins with nothing of another run.
      ...{ continues: null, continuesAfter: null },
    });
    this.#saveSoon(run);
    await run.saved;
  }

  #apply(run: QueuedRun, message: FromTrainer): void {
    const { live } = run;
    if (message.type === 'metrics') {
      live.addMetrics(message.metrics);
      const best = message.metrics.findLast(
        (metric): metric is EpochMetric => metric.type === 'epoch' && metric.isBest,
      );
      if (best) this.#change(run, { bestEpoch: best.epoch });
    } else if (message.type === 'progress') live.setProgress(message.progress);
    else if (message.type === 'stages-planned') this.#change(run, { stageCache: message.stageCache });
    else if (message.type === 'status' && message.status !== live.record.status)
      this.#change(run, { status: message.status });
  }

  async #conclude(run: QueuedRun, outcome: TrainerOutcome): Promise<Partial<RunRecord>> {
    switch (outcome.kind) {
      case 'failed':
        if (run.stopReason !== null || outcome.memory === 'none')
          return this.#whyFailed(run, AppError.fromShape(outcome.error));
        return { status: 'failed', ...memoryEnd(outcome.memory, run.live.snapshot()) };
      case 'lost':
        if (run.stopReason === 'closing') return { status: 'interrupted', reason: closedReason };
        if (run.stopReason === 'cancelled') return { status: 'cancelled', reason: outcome.reason };
        if (outcome.memory === 'none') return { status: 'interrupted', reason: outcome.reason };
        return { status: 'interrupted', ...memoryEnd(outcome.memory, run.live.snapshot()) };
      case 'done': {
        if (outcome.message.type !== 'trained') return { status: 'failed', reason: 'The trainer did another job.' };
        const { wasCancelled, bestEpoch, versions } = outcome.message;
        const { record } = run.live;
        const isClosed = wasCancelled && run.stopReason !== 'cancelled';
        return {
          status: isClosed ? 'interrupted' : wasCancelled ? 'cancelled' : 'completed',
          reason: isClosed ? closedReason : null,
          bestEpoch,
          versions: { ...record.versions, ...versions },
          ...(await judgeRun(run.project, record)),
        };
      }
      default:
        return assertNever(outcome, 'outcome');
    }
  }

  #whyFailed(run: QueuedRun, error: unknown): Partial<RunRecord> {
    if (run.stopReason === 'cancelled') return { status: 'cancelled', reason: null };
    if (run.stopReason === 'closing') return { status: 'interrupted', reason: closedReason };
    return { status: 'failed', reason: reasonOf(error) };
  }

  #change(run: QueuedRun, patch: Partial<RunRecord>): void {
    run.live.change(patch);
    this.#saveSoon(run);
  }

  /** Saves the end before it is told: whoever hears of it may read it on disk, and a core that stops then has not lost it. */
  #end(run: QueuedRun, patch: Partial<RunRecord>): Promise<void> {
    run.saved = run.saved.then(async () => {
      const unsaved = await tryToWrite(run.project, { ...run.live.record, ...patch });
      run.live.change({ ...patch, ...unsaved });
    });
    return run.saved;
  }

  #saveSoon(run: QueuedRun): void {
    if (run.isUnsaved) return;
    run.isUnsaved = true;
    run.saved = run.saved.then(() => save(run));
  }
}

async function save(run: QueuedRun): Promise<void> {
  run.isUnsaved = false;
  const unsaved = await tryToWrite(run.project, run.live.record);
  if (unsaved) run.live.change(unsaved);
}

/** Never rejects: the training goes on, since its weights may still find room, and the run says what its file does not. */
async function tryToWrite({ paths }: RunProject, record: RunRecord): Promise<Pick<RunRecord, 'reason'> | null> {
  try {
    await writeRunRecord(paths, record);
    return null;
  } catch (error) {
    return { reason: say('recordUnsaved', { what: error instanceof AppError ? error.sentence : String(error) }) };
  }
}
