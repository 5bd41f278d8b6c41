import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Scan } from '../../../src-shared/domain/quality.ts';
import type { PictureFacts } from '../../imaging/facts/measure-image.ts';
import type { FactsRow, UnmeasuredImage } from '../../storage/quality-rows.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import type { QualityThreads } from './quality-threads.ts';

/** Raised whenever a measure changes its meaning: all pictures are then looked at anew. */
export const factsVersion = 1;

/** Pictures whose facts share one transaction. */
const batchSize = 64;
const tellEveryMs = 250;
/** A speed from the first moments would jump about. */
const firstGuessMs = 1_000;

interface RunningScan {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  readonly startedMs: number;
  looked: number;
  /** Of those looked at, how many could not be read. */
  failed: number;
  toldMs: number;
  counted: Counted | null;
}

type Counts = Pick<Scan, 'total' | 'done' | 'failed'>;

/** Counts of the database, and what a scan had done at that moment. */
interface Counted {
  readonly counts: Counts;
  readonly looked: number;
  readonly failed: number;
  readonly atMs: number;
  readonly tookMs: number;
}

/** Counting goes through all images, so it is given this part of the time; in between, what was looked at is added. */
const countingShare = 1 / 20;

export interface PictureScansDeps {
  readonly threads: QualityThreads;
  /** Called a few times a second while a scan runs, and when it ends. */
  readonly onProgress: (context: ProjectContext, scan: Scan) => void;
  readonly onError: (context: ProjectContext, error: unknown) => void;
}

/**
 * Looks at the pictures of projects in the background, those that were not looked at yet: what was measured stays, so a pause, the end of
 * Graft and new images cost nothing twice.
 */
export class PictureScans {
  readonly #deps: PictureScansDeps;
  readonly #running = new Map<ProjectId, RunningScan>();
  readonly #held = new Map<ProjectId, 'paused' | 'stopped'>();
  readonly #generations = new Map<ProjectId, number>();

  constructor(deps: PictureScansDeps) {
    this.#deps = deps;
  }

  state(context: ProjectContext): Scan {
    const running = this.#running.get(context.id);
    const counts = running ? countDuring(context, running) : context.database.quality.countFacts(factsVersion);
    const status = running ? 'running' : this.#held.get(context.id) === 'paused' ? 'paused' : 'idle';
    return { status, ...counts, ...(running ? guess(running, counts) : { imagesPerSecond: null, secondsLeft: null }) };
  }

  /** Raised whenever more is known about pictures, in this session. */
  generation(context: ProjectContext): number {
    return this.#generations.get(context.id) ?? 0;
  }

  /** Begins or goes on, and answers at once; nothing happens where all are looked at or the project is only read. */
  start(context: ProjectContext): void {
    this.#held.delete(context.id);
    this.startUnlessHeld(context);
  }

  /** As `start`, unless a person paused or stopped it in this session. */
  startUnlessHeld(context: ProjectContext): void {
    if (this.#held.has(context.id) || this.#running.has(context.id) || context.readOnlyBecause !== null) return;
    if (context.database.quality.unmeasured(factsVersion, 1).length === 0) return;
    const abort = new AbortController();
    const startedMs = performance.now();
    const ended = Promise.withResolvers<undefined>();
    const scan: RunningScan = {
      abort,
      ended: ended.promise,
      startedMs,
      looked: 0,
      failed: 0,
      toldMs: startedMs,
      counted: null,
    };
    this.#running.set(context.id, scan);
    void this.#run(context, scan).finally(() => {
      this.#running.delete(context.id);
      ended.resolve(undefined);
      if (!abort.signal.aborted) this.#deps.onProgress(context, this.state(context));
    });
  }

  /** Resolves when nothing is left to look at, or a person paused or stopped it. */
  async settled(context: ProjectContext): Promise<void> {
    this.startUnlessHeld(context);
    await this.#running.get(context.id)?.ended;
  }

  async hold(context: ProjectContext, how: 'paused' | 'stopped'): Promise<void> {
    this.#held.set(context.id, how);
    await this.#abort(context.id);
    this.#deps.onProgress(context, this.state(context));
  }

  /** Stops all and resolves when none touches its project any more. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.#abort(id)));
  }

  async #abort(projectId: ProjectId): Promise<void> {
    const running = this.#running.get(projectId);
    running?.abort.abort();
    await running?.ended;
  }

  /** Never rejects. */
  async #run(context: ProjectContext, scan: RunningScan): Promise<void> {
    const { quality } = context.database;
    const { signal } = scan.abort;
    try {
      // From the last one on: to pass over those that are done again and again would take core seconds at 100,000.
      for (let last = 0; ;) {
        const batch = quality.unmeasured(factsVersion, batchSize, last);
        if (batch.length === 0 || signal.aborted) return;
        last = batch.at(-1)?.number ?? last;
        const rows = await this.#measure(context, batch, signal);
        context.assertWritable();
        quality.saveFacts(factsVersion, rows);
        this.#generations.set(context.id, this.generation(context) + 1);
        scan.looked += rows.length;
        scan.failed += rows.filter(({ facts }) => facts.hash === null).length;
        this.#tell(context, scan);
      }
    } catch (error) {
      if (signal.aborted) return;
      // What could not be looked at now is looked at the next time.
      this.#held.set(context.id, 'stopped');
      if (!(error instanceof AppError && error.code === 'cancelled')) this.#deps.onError(context, error);
    }
  }

  async #measure(
    context: ProjectContext,
    batch: readonly UnmeasuredImage[],
    signal: AbortSignal,
  ): Promise<readonly { readonly number: number; readonly facts: FactsRow }[]> {
    const rows = await Promise.all(
      batch.map(async ({ number, id, format }) => ({
        number,
        facts: await this.#measureOne(context.paths.image(id, format)),
      })),
    );
    signal.throwIfAborted();
    return rows;
  }

  async #measureOne(path: string): Promise<FactsRow> {
    try {
      return toRow(await this.#deps.threads.ask('measure', { path }));
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'cancelled' || error.code === 'bug') throw error;
      return unreadable;
    }
  }

  #tell(context: ProjectContext, scan: RunningScan): void {
    const nowMs = performance.now();
    if (nowMs - scan.toldMs < tellEveryMs) return;
    scan.toldMs = nowMs;
    this.#deps.onProgress(context, this.state(context));
  }
}

function countDuring({ database }: ProjectContext, scan: RunningScan): Counts {
  const startedMs = performance.now();
  const { counted: known } = scan;
  if (!known || startedMs - known.atMs > known.tookMs / countingShare) {
    const counts = database.quality.countFacts(factsVersion);
    const atMs = performance.now();
    scan.counted = { counts, looked: scan.looked, failed: scan.failed, atMs, tookMs: atMs - startedMs };
    return counts;
  }
  const { total, done, failed } = known.counts;
  return { total, done: done + scan.looked - known.looked, failed: failed + scan.failed - known.failed };
}

function guess(
  { looked, startedMs }: RunningScan,
  { done, total }: { readonly done: number; readonly total: number },
): Pick<Scan, 'imagesPerSecond' | 'secondsLeft'> {
  const elapsedMs = performance.now() - startedMs;
  if (elapsedMs < firstGuessMs || looked === 0) return { imagesPerSecond: null, secondsLeft: null };
  const imagesPerSecond = (looked / elapsedMs) * 1000;
  return { imagesPerSecond, secondsLeft: Math.round((total - done) / imagesPerSecond) };
}

function toRow({ hash, sketch, capturedAt, ...measures }: PictureFacts): FactsRow {
  const { brightness, contrast, highlight, shadow, sharpness, colorfulness } = measures;
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, hash[0]);
  view.setUint32(4, hash[1]);
  return {
    hash: bytes,
    sketch,
    brightness,
    contrast,
    highlight,
    shadow,
    sharpness,
    colorfulness,
    captured_at: capturedAt,
  };
}

const unreadable: FactsRow = {
  ...{ hash: null, sketch: null, brightness: null, contrast: null, highlight: null, shadow: null },
  ...{ sharpness: null, colorfulness: null, captured_at: null },
};
