import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { limitDecoders } from '../../imaging/decoders.ts';
import type { PreviewReply, WorkerAnswers, WorkerRequest } from './preview-protocol.ts';

// The worker has the ending of this file: .ts among the sources, .js in a package.
const workerUrl = new URL(`./preview-worker${extname(import.meta.url)}`, import.meta.url);
/** A person who edits a pipeline asks again within seconds; after that the thread's memory is better given back. */
const idleMs = 60_000;

type Kind = WorkerRequest['kind'];
type RequestOf<K extends Kind> = Omit<Extract<WorkerRequest, { readonly kind: K }>, 'id' | 'kind'>;
type Answer = WorkerAnswers[Kind];

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Renders previews in a thread of its own: the steps on a large photo take seconds, in which core must go on answering. */
export class PreviewRenderer {
  #worker: Worker | null = null;
  #idleTimer: NodeJS.Timeout | undefined;
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();

  /** Throws AppError for a preview of an image that cannot be read. */
  async ask<K extends Kind>(kind: K, request: RequestOf<K>): Promise<WorkerAnswers[K]> {
    const worker = this.#start();
    const id = this.#nextId;
    this.#nextId += 1;
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        worker.postMessage({ ...request, kind, id });
      });
      // The worker answers each kind of request with its own kind of result.
      return answer as WorkerAnswers[K];
    } finally {
      this.#waiting.delete(id);
      this.#waitIdly();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const worker = this.#worker;
    this.#worker = null;
    this.#fail(new AppError('cancelled', 'Graft is closing.'));
    await worker?.terminate();
  }

  #start(): Worker {
    clearTimeout(this.#idleTimer);
    if (this.#worker) return this.#worker;
    limitDecoders();
    // Flags of the host, such as a test runner's loader, mean nothing to this worker.
    const worker = new Worker(workerUrl, { execArgv: [] });
    worker.unref();
    worker.on('message', (reply: PreviewReply) => {
      const waiting = this.#waiting.get(reply.id);
      if (reply.ok) waiting?.resolve(reply.result);
      else waiting?.reject(AppError.fromShape(reply.error));
    });
    worker.on('error', (error) => {
      if (this.#worker === worker) this.#worker = null;
      this.#fail(new AppError('bug', `The preview stopped: ${error.message}`, { retry: true, cause: error }));
    });
    worker.on('exit', (code) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#fail(new AppError('bug', `The preview stopped (exit code ${code}).`, { retry: true }));
    });
    this.#worker = worker;
    return worker;
  }

  #fail(error: AppError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
  }

  #waitIdly(): void {
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.close(), idleMs);
    this.#idleTimer.unref();
  }
}
