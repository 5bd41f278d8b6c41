import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { CommandInput, CommandOutput } from '../../../src-shared/contract/contract.ts';
import type { ListPreview } from '../../../src-shared/contract/import-list.contract.ts';
import type { OtherProjectPreview, OtherProjectSource } from '../../../src-shared/contract/import-project.contract.ts';
import type { ImportJob } from '../../../src-shared/contract/import.contract.ts';
import type { SplitRatios } from '../../../src-shared/domain/dataset.ts';
import { jobIdSchema, type FolderToken, type JobId, type ProjectId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Emit, Now } from '../../core/ports.ts';
import { assertRoomForTraining, type DatasetService } from '../dataset/dataset-service.ts';
import type { EditResult } from '../../storage/dataset/dataset-access.ts';
import { projectPaths } from '../../storage/project-paths.ts';
import { realFolder } from '../folder/folder-registry.ts';
import type { OpenProjects, ProjectContext } from '../project/open-projects.ts';
import { readProjectFile } from '../project/project-file.ts';
import { ImportProgress, newJob } from './import-progress.ts';
import { noRequest, readRequest, type ImportRequest } from './import-request.ts';
import { previewList } from './lists/preview-list.ts';
import { PauseGate } from './pause-gate.ts';
import { readOtherProject } from './project/other-project.ts';
import { previewProject } from './project/preview-project.ts';
import type { FolderMemory } from './rescan/folder-memory.ts';
import { runImport } from './run-import.ts';
import type { UploadStore } from './upload-store.ts';

export interface ImportServiceDeps {
  readonly openProjects: OpenProjects;
  readonly datasets: DatasetService;
  readonly uploads: UploadStore;
  /** The path that a token stands for; throws AppError 'not-found'. */
  readonly sourcePath: (token: FolderToken) => string;
  /** The folder of a recent project; throws AppError 'not-found'. */
  readonly projectFolder: (projectId: ProjectId) => Promise<string>;
  /** Where the folders that were imported are noted. */
  readonly memory: FolderMemory;
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
  readonly gate: PauseGate;
  readonly abort: AbortController;
  readonly ended: Promise<ImportJob>;
}

/** Brings images into projects: one import of a project after the other, each in the background. */
export class ImportService {
  readonly #deps: ImportServiceDeps;
  readonly #running = new Map<JobId, Running>();
  readonly #closing = new AbortController();
  readonly #lastOfProject = new Map<ProjectId, Promise<unknown>>();

  constructor(deps: ImportServiceDeps) {
    this.#deps = deps;
  }

  /** Starts an import and answers at once; `import.changed` tells how it goes. */
  start(projectId: ProjectId, roots: readonly string[], ratios: SplitRatios | null): ImportJob {
    const context = this.#deps.openProjects.get(projectId);
    return this.#begin(context, nameOf(roots), { ...noRequest, roots, ratios }, {}).progress.job;
  }

  /** Starts the import of what came to a folder since it was imported last. */
  startNew(projectId: ProjectId, root: string): ImportJob {
    const context = this.#deps.openProjects.get(projectId);
    return this.#begin(context, nameOf([root]), { ...noRequest, roots: [root], onlyNew: true }, {}).progress.job;
  }

  /** Starts the import of files that the page sent. Throws AppError 'not-found' for an empty batch or an unknown class. */
  startUpload({ projectId, batch, name, classId }: CommandInput<'import.startUpload'>): ImportJob {
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    const className = classId === null ? null : context.database.dataset.className(classId);
    const id = newJobId();
    const upload = this.#deps.uploads.keepBatch(batch, id);
    return this.#begin(context, name, { ...noRequest, roots: [upload], upload, className }, { id }).progress.job;
  }

  /** Looks into a list of labels. */
  async inspectList({ projectId, reading, ...of }: CommandInput<'import.inspectList'>): Promise<ListPreview> {
    const { database, labelling } = this.#deps.openProjects.get(projectId);
    const { path, roots } = this.#locate(of);
    return await previewList(path, reading, { roots, database, labelling, signal: this.#closing.signal });
  }

  /** Starts the import of a list. */
  startList({ projectId, reading, addsClasses, ...of }: CommandInput<'import.startList'>): ImportJob {
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    const id = newJobId();
    const { uploads } = this.#deps;
    const upload = of.source.kind === 'uploaded' ? uploads.keepBatch(of.source.batch, id) : null;
    const { path, roots } = this.#locate(of, upload);
    const list = { path, reading, addsClasses };
    return this.#begin(context, basename(path), { ...noRequest, roots, upload, list }, { id }).progress.job;
  }

  /** Looks into another project. */
  async inspectProject({ projectId, source }: CommandInput<'import.inspectProject'>): Promise<OtherProjectPreview> {
    const context = this.#deps.openProjects.get(projectId);
    const other = await readOtherProject(await this.#locateProject(context, source), this.#closing.signal);
    return await previewProject(other, context.database.dataset.read());
  }

  /** Starts the import of another project's images. */
  async startProject({ projectId, source, takeover }: CommandInput<'import.startProject'>): Promise<ImportJob> {
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    const root = await this.#locateProject(context, source);
    const { name } = await readProjectFile(projectPaths(root));
    return this.#begin(context, name, { ...noRequest, roots: [root], project: { root, takeover } }, {}).progress.job;
  }

  /** Throws AppError 'bad-input' for the project itself, which has nothing to bring. */
  async #locateProject(context: ProjectContext, source: OtherProjectSource): Promise<string> {
    const { projectFolder, sourcePath } = this.#deps;
    const root = await realFolder(
      source.kind === 'recent' ? await projectFolder(source.id) : sourcePath(source.folder),
    );
    if (root === context.paths.root) throw new AppError('bad-input', say('otherProjectIsThis'));
    return root;
  }

  /** Where a list is, and the folders that its files may be in. */
  #locate(
    { source, images }: Pick<CommandInput<'import.startList'>, 'source' | 'images'>,
    upload: string | null = null,
  ): { readonly path: string; readonly roots: readonly string[] } {
    const { uploads, sourcePath } = this.#deps;
    const path =
      source.kind === 'chosen'
        ? sourcePath(source.list)
        : uploads.inBatch(upload ?? uploads.batchFolder(source.batch), source.path);
    return { path, roots: [images === null ? dirname(path) : sourcePath(images)] };
  }

  /** Imports a folder and resolves when it has ended, in whatever way; throws AppError 'read-only' or 'bad-input'. */
  async importFolder(context: ProjectContext, folder: string, options: ImportOptions = {}): Promise<ImportJob> {
    const request: ImportRequest = { ...noRequest, roots: [folder], ratios: options.ratios ?? null };
    return this.#begin(context, basename(folder), request, options).ended;
  }

  /** As importFolder, but throws AppError when the import fails: for what is no use half done. */
  async importWhole(context: ProjectContext, folder: string): Promise<ImportJob> {
    const job = await this.importFolder(context, folder);
    if (job.status === 'completed') return job;
    throw new AppError(job.status === 'failed' ? 'no-access' : 'cancelled', job.reason ?? say('importStopped'), {
      retry: true,
    });
  }

  /** Latest first, with those of earlier sessions. */
  list(projectId: ProjectId): ImportJob[] {
    const { database } = this.#deps.openProjects.get(projectId);
    return database.imports.list().map(({ job }) => this.#running.get(job.id)?.progress.job ?? job);
  }

  listSkipped({ projectId, jobId, ...query }: CommandInput<'import.listSkipped'>): CommandOutput<'import.listSkipped'> {
    const { imports } = this.#deps.openProjects.get(projectId).database;
    return { ...imports.listSkipped(jobId, query), reasons: imports.countReasons(jobId) };
  }

  /** Throws AppError 'conflict' for one that is not at work. */
  pause(jobId: JobId): void {
    const running = this.#running.get(jobId);
    if (!running) throw new AppError('conflict', say('importNotAtWork'));
    if (running.gate.isClosed) return;
    running.gate.close();
    running.progress.pause();
  }

  /** Goes on with an import that was paused, interrupted or failed. Throws AppError 'not-found' or 'conflict'. */
  resume(projectId: ProjectId, jobId: JobId): ImportJob {
    const running = this.#running.get(jobId);
    if (running) {
      if (running.gate.isClosed) running.progress.goOn();
      running.gate.open();
      return running.progress.job;
    }
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    const stored = context.database.imports.find(jobId);
    if (!stored) throw new AppError('not-found', say('importUnknown'));
    const request = readRequest(stored.request);
    if (request === null) throw new AppError('conflict', say('importNothingLeft'));
    context.database.imports.clearSkipped(jobId);
    const { id, startedAt } = stored.job;
    return this.#begin(context, stored.job.name, request, { id, startedAt }).progress.job;
  }

  /** Moves what an import brought in to the trash, as one change. Throws AppError 'not-found', or 'conflict' for one that is at work. */
  takeBack(projectId: ProjectId, jobId: JobId): EditResult {
    const { openProjects, datasets } = this.#deps;
    const { imports } = openProjects.get(projectId).database;
    if (this.#running.has(jobId)) throw new AppError('conflict', say('importAtWork'));
    if (!imports.find(jobId)) throw new AppError('not-found', say('importUnknown'));
    const imageIds = [...imports.imagesOf(jobId)];
    return datasets.change(projectId, (dataset, at) => dataset.trash.put(imageIds, at));
  }

  /** What is in stays in. Cancelling one that has ended for good does nothing. */
  cancel(projectId: ProjectId, jobId: JobId): void {
    const running = this.#running.get(jobId);
    if (running) {
      running.abort.abort(wantsCancel);
      return;
    }
    const context = this.#deps.openProjects.get(projectId);
    const stored = context.database.imports.find(jobId);
    if (!stored) throw new AppError('not-found', say('importUnknown'));
    if (stored.request === null) return;
    context.assertWritable();
    const upload = readRequest(stored.request)?.upload;
    const job: ImportJob = { ...stored.job, status: 'cancelled', endedAt: this.#deps.now().toISOString() };
    context.database.imports.save(job, null);
    this.#deps.emit('import.changed', { job });
    if (upload != null) void this.#deps.uploads.removeKept(upload);
  }

  /** For a project that was opened for writing: imports that no process works on any more can go on. */
  recover(context: ProjectContext): void {
    for (const { job, request } of context.database.imports.list()) {
      if (!['running', 'paused'].includes(job.status) || this.#running.has(job.id)) continue;
      const speeds = { filesPerSecond: null, bytesPerSecond: null, secondsLeft: null };
      context.database.imports.save({ ...job, ...speeds, status: 'interrupted' }, request);
    }
  }

  /** Stops every import, so that it can go on another time, and resolves when none runs any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const { abort } of this.#running.values()) abort.abort(isClosing);
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  #begin(
    context: ProjectContext,
    name: string,
    request: ImportRequest,
    options: ImportOptions & { readonly id?: JobId; readonly startedAt?: string },
  ): Running {
    context.assertWritable();
    if (request.ratios) assertRoomForTraining(request.ratios);
    const { datasets, memory, emit, now } = this.#deps;
    const id = options.id ?? newJobId();
    const job = newJob({ id, projectId: context.id, name, at: options.startedAt ?? now().toISOString() });
    const stored = JSON.stringify(request);
    const abort = new AbortController();
    const gate = new PauseGate();
    const progress = new ImportProgress(job, now, {
      tell: (told) => {
        emit('import.changed', { job: told });
        options.onProgress?.(told);
      },
      keep: (kept) => context.database.imports.save(kept, mayGoOn(kept) ? stored : null),
    });
    const signal = options.signal ? AbortSignal.any([abort.signal, options.signal]) : abort.signal;
    const isInterrupted = (): boolean => abort.signal.reason === isClosing;
    const before = this.#lastOfProject.get(context.id) ?? Promise.resolve();
    const ended = before
      .then(() => gate.pass(signal))
      .then(() => runImport({ context, request, progress, gate, signal, isInterrupted, datasets, memory, now }))
      .finally(() => this.#running.delete(id));
    this.#lastOfProject.set(context.id, ended);
    void ended.then(async (last) => {
      if (request.upload !== null && !mayGoOn(last)) await this.#deps.uploads.removeKept(request.upload);
    });
    const running = { progress, gate, abort, ended };
    this.#running.set(id, running);
    return running;
  }
}

/** Why an import is told to stop. */
const wantsCancel = 'cancel';
const isClosing = 'closing';

/** An import that has not ended, or that can be tried again. */
function mayGoOn({ status }: ImportJob): boolean {
  return status !== 'completed' && status !== 'cancelled';
}

function newJobId(): JobId {
  return v.parse(jobIdSchema, randomUUID());
}

function nameOf(roots: readonly string[]): string {
  const [first = ''] = roots;
  return roots.length < 2 ? basename(first) || first : `${basename(first)} +${roots.length - 1}`;
}
