import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { AppError } from '../../../../src-shared/contract/app-error.ts';
import type { CommandInput, CommandOutput } from '../../../../src-shared/contract/contract.ts';
import type { ImportJob } from '../../../../src-shared/contract/import.contract.ts';
import {
  jobIdSchema,
  type ImageId,
  type JobId,
  type ProjectId,
  type UploadId,
} from '../../../../src-shared/domain/ids.ts';
import { say } from '../../../../src-shared/domain/sentence.ts';
import type { Emit, Now } from '../../../core/ports.ts';
import type { DatasetService } from '../../dataset/dataset-service.ts';
import type { OpenProjects, ProjectContext } from '../../project/open-projects.ts';
import { diskFile } from '../disk-file.ts';
import type { FoundFile } from '../found-file.ts';
import { importFiles } from '../import-files.ts';
import { ImportProgress, newJob } from '../import-progress.ts';
import { labelAs } from '../label-as.ts';
import { PauseGate } from '../pause-gate.ts';
import type { UploadStore } from '../upload-store.ts';

export interface CaptureServiceDeps {
  readonly openProjects: OpenProjects;
  readonly datasets: DatasetService;
  readonly uploads: UploadStore;
  readonly onError: (message: string, error: unknown) => void;
  readonly emit: Emit;
  readonly now: Now;
}

/** So long after the last picture the new ones are shared out: while a person takes some, the cores are theirs. */
const placeAfterMs = 1500;

/** Takes what the camera page sends into the dataset; the pictures of one visit are listed as one import. */
export class CaptureService {
  readonly #deps: CaptureServiceDeps;
  readonly #closing = new AbortController();
  readonly #waiting = new Map<ProjectId, ReturnType<typeof setTimeout>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: CaptureServiceDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves when the pictures are safe on disk. Throws AppError 'read-only', or 'not-found' for a class, a visit or an upload that is
   * not there; what is no picture is listed in the report of the visit.
   */
  async add(input: CommandInput<'capture.add'>): Promise<CommandOutput<'capture.add'>> {
    const context = this.#deps.openProjects.get(input.projectId);
    context.assertWritable();
    // One after the other, so that pictures come in in the order in which they were taken.
    const adding = this.#last.then(() => this.#take(context, input));
    this.#last = adding.catch(() => undefined);
    return await adding;
  }

  /** Resolves when no picture is under way; those that wait to be shared out are at the next opening of their project. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    await this.#last;
  }

  async #take(context: ProjectContext, input: CommandInput<'capture.add'>): Promise<CommandOutput<'capture.add'>> {
    const { uploads, datasets, emit, now } = this.#deps;
    const { database } = context;
    const { classId, burst } = input;
    const className = classId === null ? null : database.dataset.className(classId);
    const before = input.session === null ? this.#newVisit(input) : findVisit(context, input.session);
    const files = input.uploads.map((id, index) =>
      labelAs(context.labelling, captured(uploads.file(id), { at: now(), burst, index, className })),
    );
    const added: ImageId[] = [];
    const started: ImportJob = { ...before, status: 'completed', total: before.total + files.length };
    const progress = new ImportProgress(started, now, {
      tell: (job) => emit('import.changed', { job }),
      keep: (job) => database.imports.save(job, null),
    });
    await importFiles({
      ...{ jobId: before.id, context, files, burst, progress, now },
      gate: new PauseGate(),
      signal: this.#closing.signal,
      onAdded: (ids) => {
        added.push(...ids);
        datasets.tellChanged(context);
      },
    });
    progress.end('completed', null);
    await Promise.all(input.uploads.map((id: UploadId) => uploads.remove(id)));
    if (added.length > 0) this.#placeSoon(context);
    return { job: progress.job, added };
  }

  #newVisit({ projectId, name }: CommandInput<'capture.add'>): ImportJob {
    return newJob({ id: v.parse(jobIdSchema, randomUUID()), projectId, name, at: this.#deps.now().toISOString() });
  }

  #placeSoon(context: ProjectContext): void {
    const { datasets, openProjects, onError } = this.#deps;
    clearTimeout(this.#waiting.get(context.id));
    const place = (): void => {
      this.#waiting.delete(context.id);
      if (openProjects.find(context.id) !== context) return;
      this.#last = this.#last
        .then(() => datasets.placeWaiting(context))
        .catch((error: unknown) => onError(`Splits of ${context.paths.root}`, error));
    };
    this.#waiting.set(context.id, setTimeout(place, placeAfterMs));
  }
}

function findVisit({ database }: ProjectContext, session: JobId): ImportJob {
  const stored = database.imports.find(session);
  if (!stored || stored.request !== null) throw new AppError('not-found', say('importUnknown'));
  return stored.job;
}

/** A picture under a name that tells when it was taken, and tells one of a burst from the next. */
function captured(
  path: string,
  { at, burst, index, className }: { at: Date; burst: string; index: number; className: string | null },
): FoundFile {
  const time = at.toISOString().slice(0, 23).replace('T', ' ').replaceAll(':', '.');
  const fileName = `camera ${time} ${burst.slice(0, 4)}-${String(index + 1)}.jpg`;
  return { content: diskFile(path), fileName, source: `camera/${fileName}`, className, givenSplit: null };
}
