import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { CommandInput, CommandOutput } from '../../../src-shared/contract/contract.ts';
import type { ExportJob } from '../../../src-shared/contract/export.contract.ts';
import type { BackboneRecord } from '../../../src-shared/domain/backbone.ts';
import type { Certificate, ExportFormat, ExportRecord } from '../../../src-shared/domain/export.ts';
import {
  exportIdSchema,
  jobIdSchema,
  type ExportId,
  type JobId,
  type ProjectId,
} from '../../../src-shared/domain/ids.ts';
import { isActiveStatus, type RunRecord } from '../../../src-shared/domain/run.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { writeJsonDurably } from '../../storage/durable-write.ts';
import { fileError } from '../../storage/file-error.ts';
import { refuseInMultiLabel } from '../project/labelling.ts';
import { reasonOf } from '../run/reason-of.ts';
import type { RunProject, RunServiceDeps } from '../run/run-ports.ts';
import type { RunService } from '../run/run-service.ts';
import { hasWeights, readPredictions } from '../run/run-store.ts';
import { startTrainerSession } from '../run/trainer-session.ts';
import {
  findExport,
  finishFolder,
  listExportRecords,
  listFiles,
  removeUnfinished,
  unfinishedFolder,
  zipFolder,
} from './export-store.ts';
import { chooseProofImages, type ProofImage } from './proof-images.ts';

/** What a format's writer gets; it writes into `folder`, its own files into the sub-folder of the format. */
export interface WriteExportRequest {
  readonly format: ExportFormat;
  readonly folder: string;
  readonly runFolder: string;
  readonly record: RunRecord;
  readonly projectName: string;
  readonly backbone: BackboneRecord;
  readonly backboneFolder: string;
  /** Held-out images with the app's probabilities; a few of them go along as a test. */
  readonly images: readonly ProofImage[];
}

export interface ExportServiceDeps extends Pick<
  RunServiceDeps,
  'readDataset' | 'findBackbone' | 'runtime' | 'processStarter' | 'emit' | 'now'
> {
  readonly project: (projectId: ProjectId) => RunProject & { readonly name: string };
  readonly runs: Pick<RunService, 'record' | 'predictFile'>;
  readonly writeExport: (request: WriteExportRequest) => Promise<void>;
}

interface RunningExport {
  job: ExportJob;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** Writes runs into formats of others and lets an export count only when it is proven. */
export class ExportService {
  readonly #deps: ExportServiceDeps;
  readonly #running = new Map<JobId, RunningExport>();

  constructor(deps: ExportServiceDeps) {
    this.#deps = deps;
  }

  /** Starts an export; `export.changed` tells how it goes. */
  async start({ projectId, runId, format }: CommandInput<'export.start'>): Promise<ExportJob> {
    const project = this.#deps.project(projectId);
    project.assertWritable();
    const record = await this.#deps.runs.record(projectId, runId);
    refuseInMultiLabel(record, say('whatExports'));
    if (isActiveStatus(record.status)) throw new AppError('conflict', say('exportRunAtWork'));
    if (!(await hasWeights(project.paths, runId))) {
      throw new AppError('not-found', say('runNoWeights'));
    }
    const id = v.parse(jobIdSchema, `export-${randomBytes(6).toString('hex')}`);
    const job: ExportJob = { id, projectId, runId, format, status: 'writing', value: 0, record: null, reason: null };
    const abort = new AbortController();
    // Begun in the next turn, when the job can be found.
    const ended = Promise.resolve().then(() => this.#work(id, record, abort.signal));
    this.#running.set(id, { job, abort, ended });
    return job;
  }

  /** Nothing is left of an export that is stopped. */
  cancel(jobId: JobId): void {
    const running = this.#running.get(jobId);
    if (!running) throw new AppError('conflict', say('exportNotAtWork'));
    running.abort.abort(new AppError('cancelled', 'The export was stopped.'));
  }

  async list(projectId: ProjectId): Promise<CommandOutput<'export.list'>> {
    const exports = await listExportRecords(this.#deps.project(projectId).paths);
    const jobs = [...this.#running.values()].map(({ job }) => job).filter((job) => job.projectId === projectId);
    return { exports: [...exports], jobs: jobs.reverse() };
  }

  /** The folder of a finished export; AppError not-found. */
  async folder(projectId: ProjectId, exportId: ExportId): Promise<string> {
    const { paths } = this.#deps.project(projectId);
    await findExport(paths, exportId);
    return paths.export(exportId).folder;
  }

  /** The zip of a finished export, its size and a name for the download; AppError not-found. */
  async zip(
    projectId: ProjectId,
    exportId: ExportId,
  ): Promise<{ readonly path: string; readonly sizeBytes: number; readonly downloadName: string }> {
    const { paths } = this.#deps.project(projectId);
    const { zipSizeBytes } = await findExport(paths, exportId);
    return { path: paths.export(exportId).zip, sizeBytes: zipSizeBytes, downloadName: `${exportId}.zip` };
  }

  /** Stops every export; resolves when none is at work. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort(new AppError('cancelled', 'The export was stopped.'));
    await Promise.all(running.map(({ ended }) => ended));
  }

  /** Never rejects: how it ends is told by the job. */
  async #work(jobId: JobId, record: RunRecord, signal: AbortSignal): Promise<void> {
    const format = this.#running.get(jobId)?.job.format ?? 'tfjs';
    const id = v.parse(exportIdSchema, `${record.id}-${format}-${randomBytes(2).toString('hex')}`);
    const project = this.#deps.project(record.projectId);
    try {
      const made = await this.#make({ id, jobId, format, record, project, signal });
      this.#change(jobId, { status: 'completed', value: 1, record: made });
    } catch (error) {
      // Where even this fails, the next export clears up.
      await rm(unfinishedFolder(project.paths, id), { recursive: true, force: true }).catch(() => undefined);
      if (signal.aborted) this.#change(jobId, { status: 'cancelled' });
      else
        this.#change(jobId, {
          status: 'failed',
          reason: reasonOf(fileError(error, say('doingWriteExport'), project.paths.exports)),
        });
    }
    this.#running.delete(jobId);
  }

  async #make(task: ExportTask): Promise<ExportRecord> {
    const { id, jobId, format, record, project, signal } = task;
    const { paths } = project;
    await mkdir(paths.exports, { recursive: true });
    if (this.#running.size === 1) await removeUnfinished(paths);
    const unfinished = unfinishedFolder(paths, id);
    const folder = path.join(unfinished, id);
    await mkdir(folder, { recursive: true });
    const dataset = await this.#deps.readDataset(project.id);
    const predictions = await readPredictions(paths, record.id);
    const images = await chooseProofImages({ project, record, dataset, predictions, runs: this.#deps.runs });
    signal.throwIfAborted();
    this.#change(jobId, { value: 0.1 });
    const { folder: backboneFolder, record: backbone } = await this.#deps.findBackbone(record.recipe.backbone);
    const runFolder = paths.run(record.id).folder;
    const projectName = project.name;
    await this.#deps.writeExport({ format, folder, runFolder, record, projectName, backbone, backboneFolder, images });
    signal.throwIfAborted();
    this.#change(jobId, { status: 'checking', value: 0.3 });
    const certificate = await this.#prove(task, { folder, images });
    await writeJsonDurably(path.join(folder, 'certificate.json'), certificate);
    const files = await listFiles(folder);
    const zipSizeBytes = await zipFolder(folder, files, path.join(unfinished, `${id}.zip`));
    const createdAt = this.#deps.now().toISOString();
    const made: ExportRecord = {
      schemaVersion: 1,
      id,
      runId: record.id,
      format,
      createdAt,
      files,
      zipSizeBytes,
      certificate,
    };
    await writeJsonDurably(path.join(unfinished, 'export.json'), made);
    signal.throwIfAborted();
    await finishFolder(paths, id);
    return made;
  }

  /** Throws AppError export-differs when the exported files do not predict what the app predicts. */
  async #prove(
    { jobId, format, record, project, signal }: ExportTask,
    { folder, images }: { readonly folder: string; readonly images: readonly ProofImage[] },
  ): Promise<Certificate> {
    const { folder: backboneFolder, record: backbone } = await this.#deps.findBackbone(record.recipe.backbone);
    const runtime = await this.#deps.runtime.ensureFor('verification', signal);
    const session = startTrainerSession({
      starter: this.#deps.processStarter,
      job: {
        kind: 'verify',
        format,
        exportFolder: path.join(folder, format),
        images,
        runFolder: project.paths.run(record.id).folder,
        backboneFolder,
        backbone,
        pipeline: record.pipeline,
        runtime,
      },
      onMessage: (message) => {
        if (message.type === 'progress') this.#change(jobId, { value: 0.3 + 0.6 * message.progress.value });
      },
    });
    const stop = (): void => session.cancel();
    signal.addEventListener('abort', stop, { once: true });
    const outcome = await session.ended;
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
    if (outcome.kind === 'failed') throw AppError.fromShape(outcome.error);
    if (outcome.kind === 'lost') throw new AppError('export-differs', say('exportUnchecked', { what: outcome.reason }));
    if (outcome.message.type !== 'verified') throw new Error('The trainer did another job than verify');
    return passed(outcome.message.certificate);
  }

  #change(jobId: JobId, patch: Partial<ExportJob>): void {
    const running = this.#running.get(jobId);
    if (!running) return;
    running.job = { ...running.job, ...patch };
    this.#deps.emit('export.changed', { job: running.job });
  }
}

interface ExportTask {
  readonly id: ExportId;
  readonly jobId: JobId;
  readonly format: ExportFormat;
  readonly record: RunRecord;
  readonly project: RunProject & { readonly name: string };
  readonly signal: AbortSignal;
}

function passed(certificate: Certificate): Certificate {
  if (certificate.isPassed) return certificate;
  const { maxDifference, tolerance, top1Agreement } = certificate;
  throw new AppError(
    'export-differs',
    say('exportDiffers', {
      difference: maxDifference.toExponential(1),
      tolerance: String(tolerance),
      agreement: (top1Agreement * 100).toFixed(1),
    }),
    { detail: { maxDifference, top1Agreement } },
  );
}
