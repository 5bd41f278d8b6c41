import type { RunId } from '../../../src-shared/domain/ids.ts';
import type { Metric, RunRecord } from '../../../src-shared/domain/run.ts';
import type { Emit } from '../../core/ports.ts';
import { LiveRun } from './live-run.ts';

/** Counts the events of each run of this session: one stream, also when a run is renamed after its end or goes on. */
export class RunTeller {
  readonly #emit: Emit;
  readonly #sequences = new Map<RunId, number>();

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** The number of the run's last event; 0 before the first. */
  lastSeq(runId: RunId): number {
    return this.#sequences.get(runId) ?? 0;
  }

  /** Tells a record as it is now. */
  tell(record: RunRecord): void {
    const seq = this.lastSeq(record.id) + 1;
    this.#sequences.set(record.id, seq);
    this.#emit('run.recordChanged', { projectId: record.projectId, seq, record });
  }

  /** Tells a record that begins to change, and goes on counting while it does; `metrics` are what it has already. */
  begin(record: RunRecord, metrics: readonly Metric[]): LiveRun {
    this.tell(record);
    const live: LiveRun = new LiveRun(record, metrics, this.lastSeq(record.id), (name, payload) => {
      this.#sequences.set(record.id, live.seq);
      this.#emit(name, payload);
    });
    return live;
  }
}
