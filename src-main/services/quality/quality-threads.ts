import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { limitDecoders } from '../../imaging/decoders.ts';
import type { ThreadReply, ThreadWork, ThreadWorks } from './thread-messages.ts';

// The worker has the ending of this file: .ts among the sources, .js in a package.
const workerUrl = new URL(`./quality-worker${extname(import.meta.url)}`, import.meta.url);
/** One core is left to the window; more than a few threads wait for the disk. */
const threadCount = Math.max(1, Math.min(4, availableParallelism() - 1));
/** Nobody asks any more: the threads' memory is better given back. */
const idleMs = 20_000;

type Output = ThreadWorks[ThreadWork]['output'];

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<
    number,
    { readonly resolve: (output: Output) => void; readonly reject: (error: Error) => void }
  >;
}

/** Threads of core that look at pictures and files, so that core goes on answering. They start when they are needed. */
export class QualityThreads {
  readonly #threads: Thread[] = [];
  #idleTimer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #isClosed = false;

  /** How many works run at once; more wait in the threads. */
  get count(): number {
    return threadCount;
  }

  /** Throws AppError for a file that cannot be read, and 'cancelled' when Graft closes. */
  async ask<W extends ThreadWork>(work: W, input: ThreadWorks[W]['input']): Promise<ThreadWorks[W]['output']> {
    if (this.#isClosed) throw closing();
    const thread = this.#leastBusy();
    const id = this.#nextId;
    this.#nextId += 1;
    try {
      // The worker answers each work with its own kind of output.
      return await new Promise<Output>((resolve, reject) => {
        thread.waiting.set(id, { resolve, reject });
        // Work that somebody waits for keeps the process; idle threads do not.
        thread.worker.ref();
        thread.worker.postMessage({ id, work, input });
      });
    } finally {
      thread.waiting.delete(id);
      if (thread.waiting.size === 0) thread.worker.unref();
      this.#waitIdly();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  #leastBusy(): Thread {
    clearTimeout(this.#idleTimer);
    const free = this.#threads.toSorted((a, b) => a.waiting.size - b.waiting.size)[0];
    if (free && (free.waiting.size === 0 || this.#threads.length >= threadCount)) return free;
    return this.#start();
  }

  #start(): Thread {
    limitDecoders();
    // Flags of the host, such as a test runner's loader, mean nothing to this worker.
    const worker = new Worker(workerUrl, { execArgv: [] });
    worker.unref();
    const thread: Thread = { worker, waiting: new Map() };
    worker.on('message', (reply: ThreadReply) => {
      const waiting = thread.waiting.get(reply.id);
      if (reply.ok) waiting?.resolve(reply.output);
      else waiting?.reject(AppError.fromShape(reply.error));
    });
    worker.on('error', (error) => this.#drop(thread, error.message));
    worker.on('exit', (code) => this.#drop(thread, `exit code ${code}`));
    this.#threads.push(thread);
    return thread;
  }

  #drop(thread: Thread, reason: string): void {
    const at = this.#threads.indexOf(thread);
    if (at === -1) return;
    this.#threads.splice(at, 1);
    fail(thread, new AppError('bug', `A thread that looks at pictures stopped: ${reason}`, { retry: true }));
  }

  #waitIdly(): void {
    if (this.#threads.some(({ waiting }) => waiting.size > 0)) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.#end(), idleMs);
    this.#idleTimer.unref();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const threads = this.#threads.splice(0);
    for (const thread of threads) fail(thread, closing());
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }
}

function fail({ waiting }: Thread, error: AppError): void {
  for (const { reject } of waiting.values()) reject(error);
}

function closing(): AppError {
  return new AppError('cancelled', 'Graft is closing.');
}
