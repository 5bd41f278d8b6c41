import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { ImportJob, SkippedFile } from '../../../src-shared/contract/import.contract.ts';
import { jobIdSchema, type ImageId, type ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Sentence } from '../../../src-shared/domain/sentence.ts';
import type { Now } from '../../core/ports.ts';

const latestLimit = 24;
const reportEveryMs = 250;
/** A long list of skipped files is a large message: then less often. */
const reportLongListEveryMs = 2000;
/** A guess from the first moments would jump about. */
const firstGuessMs = 1500;

/** How far one import is; tells its listener a few times a second. */
export class ImportProgress {
  #job: ImportJob;
  #startedMs: number;
  #toldMs = 0;
  readonly #now: Now;
  readonly #tell: (job: ImportJob) => void;

  constructor(start: {
    readonly projectId: ProjectId;
    readonly folder: string;
    readonly now: Now;
    readonly tell: (job: ImportJob) => void;
  }) {
    this.#now = start.now;
    this.#tell = start.tell;
    const startedAt = start.now();
    this.#startedMs = startedAt.getTime();
    this.#job = {
      id: v.parse(jobIdSchema, randomUUID()),
      projectId: start.projectId,
      folder: start.folder,
      status: 'running',
      done: 0,
      total: 0,
      imported: 0,
      duplicates: 0,
      skipped: [],
      classesAdded: 0,
      latest: [],
      secondsLeft: null,
      startedAt: startedAt.toISOString(),
      endedAt: null,
      reason: null,
    };
  }

  get job(): ImportJob {
    return this.#job;
  }

  /** The files are counted; from here on time is estimated. */
  begin(total: number, skipped: readonly SkippedFile[]): void {
    this.#startedMs = this.#now().getTime();
    this.#job = { ...this.#job, total: total + skipped.length, done: skipped.length, skipped };
    this.#report(true);
  }

  /** Some files were looked at and those that are new are in. */
  add(part: {
    readonly done: number;
    readonly added: readonly ImageId[];
    readonly duplicates: number;
    readonly skipped: readonly SkippedFile[];
    readonly classesAdded: number;
  }): void {
    const job = this.#job;
    this.#job = {
      ...job,
      done: job.done + part.done,
      imported: job.imported + part.added.length,
      duplicates: job.duplicates + part.duplicates,
      skipped: part.skipped.length === 0 ? job.skipped : [...job.skipped, ...part.skipped],
      classesAdded: job.classesAdded + part.classesAdded,
      latest: [...job.latest, ...part.added].slice(-latestLimit),
    };
    this.#job = { ...this.#job, secondsLeft: this.#guessSecondsLeft() };
    this.#report(false);
  }

  end(status: 'completed' | 'cancelled' | 'failed', reason: Sentence | null): void {
    this.#job = { ...this.#job, status, reason, secondsLeft: null, endedAt: this.#now().toISOString() };
    this.#report(true);
  }

  #guessSecondsLeft(): number | null {
    const { done, total, skipped } = this.#job;
    const elapsedMs = this.#now().getTime() - this.#startedMs;
    const looked = done - skipped.length;
    if (elapsedMs < firstGuessMs || looked <= 0) return null;
    return Math.round(((total - done) * elapsedMs) / looked / 1000);
  }

  #report(isImportant: boolean): void {
    const nowMs = this.#now().getTime();
    const waitMs = this.#job.skipped.length > 1000 ? reportLongListEveryMs : reportEveryMs;
    if (!isImportant && nowMs - this.#toldMs < waitMs) return;
    this.#toldMs = nowMs;
    this.#tell(this.#job);
  }
}
