import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ImportJob, UploadBatchId } from '../../../src-shared/contract/import.contract.ts';
import type { SplitRatios } from '../../../src-shared/domain/dataset.ts';
import type { JobId, ProjectId } from '../../../src-shared/domain/ids.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import type { Emit, Now } from '../../core/ports.ts';
import { fileError } from '../../storage/file-error.ts';
import { assertRoomForTraining, type DatasetService } from '../dataset/dataset-service.ts';
import type { OpenProjects, ProjectContext } from '../project/open-projects.ts';
import { importFiles } from './import-files.ts';
import { ImportProgress } from './import-progress.ts';
import { scanFolder } from './scan-folder.ts';
import type { UploadStore } from './upload-store.ts';

export interface ImportServiceDeps {
  readonly openProjects: OpenProjects;
  readonly datasets: DatasetService;
  readonly uploads: UploadStore;
  readonly emit: Emit;
  readonly now: Now;
}

export interface ImportOptions {
  /** Null keeps the project's. */
  readonly ratios?: SplitRatios | null;
  /** Called a few times a second and at the end. */
  readonly onProgress?: (job: ImportJob) => void;
  readonly signal?: AbortSignal;
}

interface Running {
  readonly progress: ImportProgress;
  readonly abort: AbortController;
  readonly ended: Promise<ImportJob>;
}

/** Brings folders of images into projects: one import of a project after the other, each in the background. */
export class ImportService {
  readonly #deps: ImportServiceDeps;
  readonly #imports = new Map<JobId, Running>();
  readonly #lastOfProject = new Map<ProjectId, Promise<unknown>>();

  constructor(deps: ImportServiceDeps) {
    this.#deps = deps;
  }

  /** Starts an import and answers at once; `import.changed` tells how it goes. */
  start(projectId: ProjectId, folder: string, ratios: SplitRatios | null): ImportJob {
    return this.#begin(this.#deps.openProjects.get(projectId), folder, { ratios }).progress.job;
  }

  /** Starts the import of files that the page sent. Throws AppError 'not-found' for an empty batch. */
  startUpload(projectId: ProjectId, batch: UploadBatchId): ImportJob {
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    const folder = this.#deps.uploads.batchFolder(batch);
    const running = this.#begin(context, folder, {});
    void running.ended.then(() => this.#deps.uploads.removeBatch(batch));
    return running.progress.job;
  }

  /** Imports a folder and resolves when it has ended, in whatever way; throws AppError 'read-only' or 'bad-input'. */
  async importFolder(context: ProjectContext, folder: string, options: ImportOptions = {}): Promise<ImportJob> {
    return this.#begin(context, folder, options).ended;
  }

  /** As importFolder, but throws AppError when the import fails: for what is no use half done. */
  async importWhole(context: ProjectContext, folder: string): Promise<ImportJob> {
    const job = await this.importFolder(context, folder);
    if (job.status === 'completed') return job;
    throw new AppError(job.status === 'cancelled' ? 'cancelled' : 'no-access', job.reason ?? say('importStopped'), {
      retry: true,
    });
  }

  /** Imports of this session, latest first. */
  list(projectId: ProjectId): ImportJob[] {
    return [...this.#imports.values()]
      .map(({ progress }) => progress.job)
      .filter((job) => job.projectId === projectId)
      .reverse();
  }

  /** What is in stays in. Cancelling one that has ended does nothing. */
  cancel(jobId: JobId): void {
    const running = this.#imports.get(jobId);
    if (!running) throw new AppError('not-found', say('importUnknown'));
    running.abort.abort();
  }

  /** Stops every import and resolves when none runs any more. */
  async close(): Promise<void> {
    for (const { abort } of this.#imports.values()) abort.abort();
    await Promise.all([...this.#imports.values()].map(({ ended }) => ended));
  }

  #begin(context: ProjectContext, folder: string, options: ImportOptions): Running {
    context.assertWritable();
    if (options.ratios) assertRoomForTraining(options.ratios);
    const abort = new AbortController();
    const signal = options.signal ? AbortSignal.any([abort.signal, options.signal]) : abort.signal;
    const progress = new ImportProgress({
      projectId: context.id,
      folder: basename(folder),
      now: this.#deps.now,
      tell: (job) => {
        this.#deps.emit('import.changed', { job });
        options.onProgress?.(job);
      },
    });
    const before = this.#lastOfProject.get(context.id) ?? Promise.resolve();
    const ended = before.then(() => this.#run(context, folder, { ratios: options.ratios ?? null, progress, signal }));
    this.#lastOfProject.set(context.id, ended);
    const running = { progress, abort, ended };
    this.#imports.set(progress.job.id, running);
    return running;
  }

  /** Never throws: however it goes is told by the job. */
  async #run(
    context: ProjectContext,
    folder: string,
    { ratios, progress, signal }: { ratios: SplitRatios | null; progress: ImportProgress; signal: AbortSignal },
  ): Promise<ImportJob> {
    const { datasets, now } = this.#deps;
    try {
      signal.throwIfAborted();
      const scan = await scanFolder(await realFolder(folder), signal);
      progress.begin(scan.files.length, scan.skipped);
      if (ratios) context.database.dataset.setRatios(ratios);
      await importFiles({
        context,
        files: scan.files,
        progress,
        signal,
        now,
        onAdded: () => datasets.tellChanged(context),
      });
      datasets.placeWaiting(context);
      progress.end(signal.aborted ? 'cancelled' : 'completed', null);
    } catch (error) {
      this.#placeWhatCame(context);
      if (signal.aborted) progress.end('cancelled', null);
      else progress.end('failed', describeFailure(error));
    }
    return progress.job;
  }

  /** After a failure; where even this fails (a full disk), the next opening of the project does it. */
  #placeWhatCame(context: ProjectContext): void {
    try {
      this.#deps.datasets.placeWaiting(context);
    } catch (error) {
      if (!(error instanceof AppError)) console.error(error);
    }
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    throw fileError(error, say('doingReadFolder'), folder);
  }
}

function describeFailure(error: unknown): Sentence {
  if (error instanceof AppError) return error.sentence;
  // A bug: its stack goes to the log, and the person is told that it is not their doing.
  console.error(error);
  return say('importBroke');
}
