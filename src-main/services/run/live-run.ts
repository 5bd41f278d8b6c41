import type { RunSnapshot } from '../../../src-shared/contract/run.contract.ts';
import type { Metric, RunProgress, RunRecord } from '../../../src-shared/domain/run.ts';
import type { Emit } from '../../core/ports.ts';

/** Curves are told at most ten times a second, however fast the steps are. */
const batchMs = 100;

/** A run that changes: its record, curves and progress, and the events that tell of them in order. */
export class LiveRun {
  readonly #emit: Emit;
  #record: RunRecord;
  #seq: number;
  #progress: RunProgress | null = null;
  readonly #metrics: Metric[];
  #untoldMetrics: Metric[] = [];
  #isProgressUntold = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(record: RunRecord, metrics: readonly Metric[], seq: number, emit: Emit) {
    this.#record = record;
    this.#metrics = [...metrics];
    this.#seq = seq;
    this.#emit = emit;
  }

  get record(): RunRecord {
    return this.#record;
  }

  get seq(): number {
    return this.#seq;
  }

  get metrics(): readonly Metric[] {
    return this.#metrics;
  }

  /** Everything so far; every later event has a greater seq. */
  snapshot(): RunSnapshot {
    this.tell();
    return { seq: this.#seq, record: this.#record, metrics: [...this.#metrics], progress: this.#progress };
  }

  /** Changes the record and tells at once, after the curves that came before. */
  change(patch: Partial<RunRecord>): RunRecord {
    this.tell();
    this.#record = { ...this.#record, ...patch };
    this.#seq += 1;
    this.#emit('run.recordChanged', { projectId: this.#record.projectId, seq: this.#seq, record: this.#record });
    return this.#record;
  }

  /** Forgets curves and progress and changes the record: from here the run goes as if it had only now begun. */
  beginAgain(patch: Partial<RunRecord>): void {
    this.tell();
    this.#metrics.length = 0;
    this.#progress = null;
    this.change(patch);
  }

  addMetrics(metrics: readonly Metric[]): void {
    this.#metrics.push(...metrics);
    this.#untoldMetrics.push(...metrics);
    this.#tellSoon();
  }

  setProgress(progress: RunProgress): void {
    this.#progress = progress;
    this.#isProgressUntold = true;
    this.#tellSoon();
  }

  /** Emits what has not been told yet. */
  tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ofRun = { projectId: this.#record.projectId, runId: this.#record.id };
    if (this.#untoldMetrics.length > 0) {
      const metrics = this.#untoldMetrics;
      this.#untoldMetrics = [];
      this.#seq += 1;
      this.#emit('run.metricsAdded', { ...ofRun, seq: this.#seq, metrics });
    }
    if (this.#isProgressUntold && this.#progress) {
      this.#isProgressUntold = false;
      this.#seq += 1;
      this.#emit('run.progressed', { ...ofRun, seq: this.#seq, progress: this.#progress });
    }
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => this.tell(), batchMs);
  }
}
