import { SvelteMap } from 'svelte/reactivity';
import type { ProjectId, RunId } from '../../src-shared/domain/ids.ts';
import type { ValidationCurve } from '../../src-shared/contract/run.contract.ts';
import { isActiveStatus, validationPoints, type RunProgress, type RunRecord } from '../../src-shared/domain/run.ts';
import type { PageClient } from '../client/page-client.ts';

/** The runs of a project, latest first, and how far the running ones are. */
export class RunList {
  records: readonly RunRecord[] = $state.raw([]);
  isLoaded = $state(false);
  readonly progress = new SvelteMap<RunId, RunProgress>();
  /** Of the runs that have one, from the first `loadCurves` on. */
  readonly curves = new SvelteMap<RunId, ValidationCurve['points']>();
  /** The run that trains at the moment. */
  readonly active = $derived(this.records.find(({ status }) => isActiveStatus(status)) ?? null);
  readonly #client: PageClient;
  readonly #projectId: ProjectId;

  constructor(client: PageClient, projectId: ProjectId) {
    this.#client = client;
    this.#projectId = projectId;
  }

  find(runId: string): RunRecord | undefined {
    return this.records.find(({ id }) => id === runId);
  }

  start(): () => void {
    const stops = [
      this.#client.on('run.recordChanged', ({ projectId, record }) => {
        if (projectId === this.#projectId) this.put(record);
      }),
      this.#client.on('run.progressed', ({ projectId, runId, progress }) => {
        if (projectId === this.#projectId) this.progress.set(runId, progress);
      }),
      this.#client.on('run.metricsAdded', ({ projectId, runId, metrics }) => {
        if (projectId === this.#projectId) this.#joinCurve(runId, validationPoints(metrics));
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async load(): Promise<void> {
    this.records = (await this.#client.call('run.list', { projectId: this.#projectId })).runs;
    this.isLoaded = true;
  }

  async loadCurves(): Promise<void> {
    const { curves } = await this.#client.call('run.curves', { projectId: this.#projectId });
    for (const { runId, points } of curves) this.#joinCurve(runId, points);
  }

  /** From where the new points begin, they replace the old ones: a continued run repeats what lay after its checkpoint. */
  #joinCurve(runId: RunId, added: ValidationCurve['points']): void {
    const [first] = added;
    if (!first) return;
    const before = (this.curves.get(runId) ?? []).filter(({ epoch }) => epoch < first.epoch);
    this.curves.set(runId, [...before, ...added]);
  }

  /** Puts a record in its place, new ones on top. */
  put(record: RunRecord): void {
    const isKnown = this.records.some(({ id }) => id === record.id);
    this.records = isKnown
      ? this.records.map((other) => (other.id === record.id ? record : other))
      : [record, ...this.records];
    if (!isActiveStatus(record.status)) this.progress.delete(record.id);
  }
}
