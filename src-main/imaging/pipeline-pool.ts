import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import type { ImageResult, ImageTask, WorkerReply, WorkerRequest } from './pipeline-messages.ts';

/** Threads that read pictures and run pipelines on them, so that a trainer's own thread does neither. */
export interface PipelinePool {
  readonly workerCount: number;
  /** Results stand in the order of the tasks; a picture that fails is a result of its own and stops nothing. */
  run(steps: readonly ResolvedStep[], tasks: readonly ImageTask[]): Promise<readonly ImageResult[]>;
  /** Ends the threads; what is not done yet fails as cancelled. */
  close(): Promise<void>;
}

// Type stripping runs the source beside this file in development; a build has JavaScript in both places.
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './pipeline-worker.ts' : './pipeline-worker.js',
  import.meta.url,
);

/** While one picture is being unpacked by libvips' thread, the worker can transform another. */
const tasksPerWorker = 2;
const maximumRestarts = 5;
const maximumDefaultWorkers = 8;

interface Job extends WorkerRequest {
  readonly finish: (result: ImageResult) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly running: Map<number, Job>;
}

/** Starts the threads: one less than there are cores unless told otherwise, and at least one. */
export function createPipelinePool(options: { readonly workerCount?: number } = {}): PipelinePool {
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

  run(steps: readonly ResolvedStep[], tasks: readonly ImageTask[]): Promise<readonly ImageResult[]> {
    const results = tasks.map(
      (task) =>
        new Promise<ImageResult>((finish) => {
          this.#waiting.push({ id: this.#nextId, task, steps, finish });
          this.#nextId += 1;
        }),
    );
    this.#dispatch();
    return Promise.all(results);
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
    const thread: Thread = { worker, running: new Map() };
    worker.on('message', ({ id, result }: WorkerReply) => {
      thread.running.get(id)?.finish(result);
      thread.running.delete(id);
      this.#dispatch();
    });
    worker.on('error', (error) => {
      this.#replace(thread, error.message);
    });
    worker.on('exit', (code) => {
      this.#replace(thread, `exit code ${code}`);
    });
    this.#threads.add(thread);
  }

  /** A thread that died takes its pictures along, not the others'. */
  #replace(thread: Thread, reason: string): void {
    if (!this.#threads.has(thread)) return;
    this.#abandon(thread, new AppError('bug', `A thread that reads pictures stopped: ${reason}`, { retry: true }));
    if (this.#restarts < maximumRestarts) {
      this.#restarts += 1;
      this.#start();
    }
    this.#dispatch();
  }

  #abandon(thread: Thread, error: AppError): void {
    this.#threads.delete(thread);
    for (const job of thread.running.values()) fail(job, error);
    thread.running.clear();
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      if (this.#isClosed || this.#threads.size === 0) {
        const error = this.#isClosed
          ? cancelled()
          : new AppError('bug', 'The threads that read pictures keep stopping');
        for (const job of this.#waiting.splice(0)) fail(job, error);
        return;
      }
      const thread = this.#findFree();
      const job = thread === null ? undefined : this.#waiting.shift();
      if (thread === null || job === undefined) return;
      thread.running.set(job.id, job);
      const request: WorkerRequest = { id: job.id, task: job.task, steps: job.steps };
      thread.worker.postMessage(request);
    }
  }

  #findFree(): Thread | null {
    let best: Thread | null = null;
    for (const thread of this.#threads) {
      const isFree = thread.running.size < tasksPerWorker;
      if (isFree && (best === null || thread.running.size < best.running.size)) best = thread;
    }
    return best;
  }
}

function fail({ task, finish }: Job, error: AppError): void {
  finish({ status: 'failed', path: task.path, error: error.toShape() });
}

function cancelled(): AppError {
  return new AppError('cancelled', 'Reading pictures was stopped');
}
