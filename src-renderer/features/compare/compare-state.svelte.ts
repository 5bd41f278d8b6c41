import type { Comparison, RunSnapshot } from '../../../src-shared/contract/run.contract.ts';
import type { Evaluation } from '../../../src-shared/domain/evaluation.ts';
import type { ProjectId, RunId } from '../../../src-shared/domain/ids.ts';
import type { PageClient } from '../../client/page-client.ts';

/** Two runs and all that is shown of them. */
export interface ComparedRuns {
  readonly comparison: Comparison;
  readonly a: RunSnapshot;
  readonly b: RunSnapshot;
  /** On the split that both were judged on; null when there is none. */
  readonly evaluations: { readonly a: Evaluation; readonly b: Evaluation } | null;
}

/** Two runs beside each other, as core compares them, with their curves and how each class does. */
export class CompareState {
  runs: ComparedRuns | null = $state.raw(null);
  error: unknown = $state.raw(null);
  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  #latest = 0;

  constructor(client: PageClient, projectId: ProjectId) {
    this.#client = client;
    this.#projectId = projectId;
  }

  /** Compares b with a; an answer about an earlier pair is dropped. */
  async load(a: RunId, b: RunId): Promise<void> {
    this.#latest += 1;
    const turn = this.#latest;
    this.runs = null;
    this.error = null;
    try {
      const runs = await this.#ask(a, b);
      if (turn === this.#latest) this.runs = runs;
    } catch (error) {
      if (turn === this.#latest) this.error = error;
    }
  }

  async #ask(a: RunId, b: RunId): Promise<ComparedRuns> {
    const projectId = this.#projectId;
    const [comparison, snapshotA, snapshotB] = await Promise.all([
      this.#client.call('run.compare', { projectId, a, b }),
      this.#client.call('run.get', { projectId, runId: a }),
      this.#client.call('run.get', { projectId, runId: b }),
    ]);
    const runs = { comparison, a: snapshotA, b: snapshotB };
    const { split } = comparison;
    if (split === null) return { ...runs, evaluations: null };
    const [ofA, ofB] = await Promise.all([
      this.#client.call('run.evaluate', { projectId, runId: a, split }),
      this.#client.call('run.evaluate', { projectId, runId: b, split }),
    ]);
    return { ...runs, evaluations: { a: ofA, b: ofB } };
  }
}
