import type { ImportJob } from '../../../src-shared/contract/import.contract.ts';
import type { ImageId, JobId, ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Sentence } from '../../../src-shared/domain/sentence.ts';
import type { Now } from '../../core/ports.ts';

const latestLimit = 24;
const reportEveryMs = 250;
/** Kept in the project this often, so that an import that was cut short shows about how far it had come. */
const keepEveryMs = 5000;
/** A speed is that of the last seconds; a guess from the first moments would jump about. */
const speedWindowMs = 8000;
const firstSpeedMs = 1500;

/** Some files that were looked at. */
export interface ImportStep {
  /** Files looked at. */
  readonly done: number;
  /** Bytes of those that were read. */
  readonly bytes: number;
  /** Images that came in with this step. */
  readonly added: readonly ImageId[];
  /** Images that this import had brought in before it was interrupted. */
  readonly inBefore: number;
  readonly duplicates: number;
  readonly skipped: number;
  readonly classesAdded: number;
}

interface Listener {
  /** Called a few times a second, and for whatever changes the status. */
  readonly tell: (job: ImportJob) => void;
  /** Called now and then, and for whatever changes the status. */
  readonly keep: (job: ImportJob) => void;
}

/** How far one import is. */
export class ImportProgress {
  #job: ImportJob;
  #samples: { atMs: number; files: number; bytes: number }[] = [];
  #bytes = 0;
  #toldMs = 0;
  #keptMs = 0;
  readonly #now: Now;
  readonly #listener: Listener;

  constructor(job: ImportJob, now: Now, listener: Listener) {
    this.#job = job;
    this.#now = now;
    this.#listener = listener;
    this.#report(true);
  }

  get job(): ImportJob {
    return this.#job;
  }

  /** The files are counted; from here on time is estimated. */
  begin(total: number, skipped: number): void {
    this.#job = { ...this.#job, total: total + skipped, done: skipped, skipped };
    this.#startClock();
    this.#report(true);
  }

  add(step: ImportStep): void {
    const job = this.#job;
    this.#bytes += step.bytes;
    this.#job = {
      ...job,
      done: job.done + step.done,
      imported: job.imported + step.added.length + step.inBefore,
      duplicates: job.duplicates + step.duplicates,
      skipped: job.skipped + step.skipped,
      classesAdded: job.classesAdded + step.classesAdded,
      latest: [...job.latest, ...step.added].slice(-latestLimit),
    };
    this.#measure();
    this.#report(false);
  }

  /** Images that were there got labels, or classes came without images. */
  label(labelled: number, classesAdded: number): void {
    this.#job = { ...this.#job, labelled, classesAdded: this.#job.classesAdded + classesAdded };
    this.#report(false);
  }

  pause(): void {
    this.#job = { ...this.#job, status: 'paused', filesPerSecond: null, bytesPerSecond: null, secondsLeft: null };
    this.#report(true);
  }

  goOn(): void {
    this.#job = { ...this.#job, status: 'running' };
    this.#startClock();
    this.#report(true);
  }

  end(status: 'completed' | 'cancelled' | 'failed' | 'interrupted', reason: Sentence | null): void {
    this.#job = {
      ...this.#job,
      status,
      reason,
      secondsLeft: null,
      ...(status === 'completed' ? {} : { filesPerSecond: null, bytesPerSecond: null }),
      endedAt: status === 'interrupted' ? null : this.#now().toISOString(),
    };
    this.#report(true);
  }

  #startClock(): void {
    this.#samples = [{ atMs: this.#now().getTime(), files: this.#job.done, bytes: this.#bytes }];
  }

  #measure(): void {
    const atMs = this.#now().getTime();
    const { done, total } = this.#job;
    this.#samples.push({ atMs, files: done, bytes: this.#bytes });
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) > speedWindowMs) this.#samples.shift();
    const first = this.#samples[0];
    const seconds = (atMs - (first?.atMs ?? atMs)) / 1000;
    if (!first || seconds * 1000 < firstSpeedMs) return;
    const filesPerSecond = (done - first.files) / seconds;
    this.#job = {
      ...this.#job,
      filesPerSecond,
      bytesPerSecond: (this.#bytes - first.bytes) / seconds,
      secondsLeft: filesPerSecond > 0 ? Math.round((total - done) / filesPerSecond) : null,
    };
  }

  #report(isImportant: boolean): void {
    const nowMs = this.#now().getTime();
    const keeps = isImportant || nowMs - this.#keptMs >= keepEveryMs;
    if (isImportant || nowMs - this.#toldMs >= reportEveryMs) {
      this.#toldMs = nowMs;
      this.#listener.tell(this.#job);
    }
    // Last: on a full disk it throws, and what happened is told all the same.
    if (!keeps) return;
    this.#keptMs = nowMs;
    this.#listener.keep(this.#job);
  }
}

/** An import that has just been asked for. */
export function newJob(start: { id: JobId; projectId: ProjectId; name: string; at: string }): ImportJob {
  return {
    id: start.id,
    projectId: start.projectId,
    name: start.name,
    status: 'running',
    done: 0,
    total: 0,
    imported: 0,
    duplicates: 0,
    skipped: 0,
    classesAdded: 0,
    labelled: 0,
    latest: [],
    filesPerSecond: null,
    bytesPerSecond: null,
    secondsLeft: null,
    startedAt: start.at,
    endedAt: null,
    reason: null,
  };
}
