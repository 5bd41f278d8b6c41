import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import { limitDecoders } from './decoders.ts';
import {
  picturesAtOnce,
  type ImageResult,
  type ImageTask,
  type KeptFolder,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSpares,
} from './pipeline-messages.ts';

/**
 * Threads that read pictures and run pipelines on them, so that a trainer's own thread does neither.
 *
 * They are given everything at once: a trainer's thread hears and says nothing during a step, and they must not run out of work meanwhile.
 */
export interface PipelinePool {
  readonly workerCount: number;
  /** Results stand in the order of the tasks; a picture that fails is a result of its own and stops nothing. */
  run(
    steps: readonly ResolvedStep[],
    tasks: readonly ImageTask[],
    keep?: KeptFolder | null,
  ): Promise<readonly ImageResult[]>;
  /** Takes the memory of results back, which the caller then must not read any more: fresh memory for each picture costs more than the picture. */
  giveBack(results: readonly ImageResult[]): void;
  /** Ends the threads; what is not done yet fails as cancelled. */
  close(): Promise<void>;
}

// Type stripping runs the source beside this file in development; a build has JavaScript in both places.
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './pipeline-worker.ts' : './pipeline-worker.js',
  import.meta.url,
);

const maximumRestarts = 5;
const maximumDefaultWorkers = 8;

interface Job extends WorkerRequest {
  readonly finish: (result: ImageResult) => void;
}

interface Thread {
  readonly worker: Worker;
  /** All that it has not answered yet, in the order in which it takes them up. */
  readonly given: Map<number, Job>;
}

/** Starts the threads: one less than there are cores unless told otherwise, and at least one. */
export function createPipelinePool(options: { readonly workerCount?: number } = {}): PipelinePool {
  limitDecoders();
  const workerCount = options.workerCount ?? Math.max(1, Math.min(maximumDefaultWorkers, availableParallelism() - 1));
  return new ThreadPool(workerCount);
}

class ThreadPool implements PipelinePool {
  readonly workerCount: number;
  readonly #waiting: Job[] = [];
  readonly #threads = new Set<Thread>();
  #nextId = 0;
  #restarts = 0;
  #isClosed = false;

  constructor(workerCount: number) {
    this.workerCount = workerCount;
    for (let index = 0; index < workerCount; index += 1) this.#start();
  }

  run(
    steps: readonly ResolvedStep[],
    tasks: readonly ImageTask[],
    keep: KeptFolder | null = null,
  ): Promise<readonly ImageResult[]> {
    const results = tasks.map(
      (task) =>
        new Promise<ImageResult>((finish) => {
          this.#waiting.push({ id: this.#nextId, task, steps, keep, finish });
          this.#nextId += 1;
        }),
    );
    this.#dispatch();
    return Promise.all(results);
  }

  giveBack(results: readonly ImageResult[]): void {
    const data = results.flatMap((result) => (result.status === 'done' ? [result.data] : []));
    const threads = [...this.#threads];
    for (const [index, { worker }] of threads.entries()) {
      const spares = data.filter((_, place) => place % threads.length === index);
      const buffers = spares.map(({ buffer }) => buffer);
      if (spares.length > 0) worker.postMessage({ spares } satisfies WorkerSpares, buffers);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const threads = [...this.#threads];
    this.#dispatch();
    for (const thread of threads) this.#abandon(thread, cancelled());
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  #start(): void {
    // Flags of the host, such as a test runner's loader, mean nothing to this worker.
    const worker = new Worker(workerUrl, { execArgv: [] });
    const thread: Thread = { worker, given: new Map() };
    worker.on('message', ({ id, result }: WorkerReply) => {
      thread.given.get(id)?.finish(result);
      thread.given.delete(id);
    });
    worker.on('error', (error) => {
      this.#replace(thread, error.message);
    });
    worker.on('exit', (code) => {
      this.#replace(thread, `exit code ${code}`);
    });
    this.#threads.add(thread);
  }

  /** A thread that died takes the pictures along that it was at; those that it had yet to begin go to the others. */
  #replace(thread: Thread, reason: string): void {
    if (!this.#threads.has(thread)) return;
    const notBegun = [...thread.given.values()].slice(picturesAtOnce);
    for (const { id } of notBegun) thread.given.delete(id);
    this.#waiting.unshift(...notBegun);
    this.#abandon(thread, new AppError('bug', `A thread that reads pictures stopped: ${reason}`, { retry: true }));
    if (this.#restarts < maximumRestarts) {
      this.#restarts += 1;
      this.#start();
    }
    this.#dispatch();
  }

  #abandon(thread: Thread, error: AppError): void {
    this.#threads.delete(thread);
    for (const job of thread.given.values()) fail(job, error);
    thread.given.clear();
  }

  #dispatch(): void {
    for (const job of this.#waiting.splice(0)) {
      const thread = this.#leastBusy();
      if (this.#isClosed) fail(job, cancelled());
      else if (!thread) fail(job, new AppError('bug', 'The threads that read pictures keep stopping'));
      else give(thread, job);
    }
  }

  #leastBusy(): Thread | undefined {
    return [...this.#threads].sort((a, b) => a.given.size - b.given.size)[0];
  }
}

function give({ worker, given }: Thread, job: Job): void {
  given.set(job.id, job);
  const { id, task, steps, keep } = job;
  worker.postMessage({ id, task, steps, keep } satisfies WorkerRequest);
}

function fail({ task, finish }: Job, error: AppError): void {
  finish({ status: 'failed', path: task.path, error: error.toShape() });
}

function cancelled(): AppError {
  return new AppError('cancelled', 'Reading pictures was stopped');
}
