import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ImageId, ProjectId } from '../../../src-shared/domain/ids.ts';
import type { FileState } from '../../../src-shared/domain/quality.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import type { Now } from '../../core/ports.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import type { QualityThreads } from './quality-threads.ts';
import { readSentence } from './read-sentence.ts';

/** A file of a project, known by what its bytes should be. */
export interface CheckedFile {
  readonly imageId: ImageId;
  readonly path: string;
}

const batchSize = 64;

interface Running {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  done: number;
  readonly total: number;
}

export interface FileChecksDeps {
  readonly threads: QualityThreads;
  readonly now: Now;
  /** Called after each batch and at the end. */
  readonly onProgress: (context: ProjectContext) => void;
  readonly onError: (context: ProjectContext, error: unknown) => void;
}

/** Compares the files of projects with the SHA-256 by which their images are known. */
export class FileChecks {
  readonly #deps: FileChecksDeps;
  readonly #running = new Map<ProjectId, Running>();

  constructor(deps: FileChecksDeps) {
    this.#deps = deps;
  }

  state(context: ProjectContext): FileState {
    const { quality } = context.database;
    const running = this.#running.get(context.id);
    const last = quality.lastFileCheck();
    return {
      checkedAt: last?.checkedAt ?? null,
      total: running?.total ?? last?.total ?? 0,
      isChecking: running !== undefined,
      done: running?.done ?? last?.total ?? 0,
      changed: quality.changedFiles().map(({ imageId, fileName, reason, isLeftOut }) => ({
        ...{ imageId, fileName },
        reason: readSentence(reason),
        isLeftOut: isLeftOut === 1,
      })),
    };
  }

  /** Reads these files one and all, in the background; one comparison of a project at a time. */
  start(context: ProjectContext, files: readonly CheckedFile[]): void {
    context.assertWritable();
    if (this.#running.has(context.id)) return;
    const ended = Promise.withResolvers<undefined>();
    const running: Running = { abort: new AbortController(), ended: ended.promise, done: 0, total: files.length };
    this.#running.set(context.id, running);
    void this.#compareAll(context, files, running).finally(() => {
      this.#running.delete(context.id);
      ended.resolve(undefined);
      if (!running.abort.signal.aborted) this.#deps.onProgress(context);
    });
  }

  async stop(context: ProjectContext): Promise<void> {
    const running = this.#running.get(context.id);
    running?.abort.abort();
    await running?.ended;
    this.#deps.onProgress(context);
  }

  async close(): Promise<void> {
    for (const { abort } of this.#running.values()) abort.abort();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Never rejects. What was found before it was stopped is kept, without a time. */
  async #compareAll(context: ProjectContext, files: readonly CheckedFile[], running: Running): Promise<void> {
    const { signal } = running.abort;
    const { quality } = context.database;
    try {
      const changed = new Map<ImageId, string>();
      while (running.done < files.length && !signal.aborted) {
        const batch = files.slice(running.done, running.done + batchSize);
        const reasons = await Promise.all(
          batch.map(async (file) => [file.imageId, await this.#whyChanged(file)] as const),
        );
        for (const [imageId, reason] of reasons) if (reason !== null) changed.set(imageId, JSON.stringify(reason));
        running.done += batch.length;
        this.#deps.onProgress(context);
      }
      const looked = files.slice(0, running.done).map(({ imageId }) => imageId);
      quality.saveFileCheck(looked, changed, signal.aborted ? null : this.#deps.now().toISOString());
    } catch (error) {
      const isStopped = signal.aborted || (error instanceof AppError && error.code === 'cancelled');
      if (!isStopped) this.#deps.onError(context, error);
    }
  }

  /** Null for a file that is as it was imported. */
  async #whyChanged({ imageId, path }: CheckedFile): Promise<Sentence | null> {
    try {
      return (await this.#deps.threads.ask('hash', { path })) === imageId ? null : say('fileChanged');
    } catch (error) {
      if (error instanceof AppError && error.code !== 'cancelled' && error.code !== 'bug') return error.sentence;
      throw error;
    }
  }
}
