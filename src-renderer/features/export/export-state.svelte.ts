import { SvelteMap } from 'svelte/reactivity';
import type { ExportJob } from '../../../src-shared/contract/export.contract.ts';
import type { ExportRecord } from '../../../src-shared/domain/export.ts';
import type { JobId, ProjectId, RunId } from '../../../src-shared/domain/ids.ts';
import type { PageClient } from '../../client/page-client.ts';

/** The exports of a project, latest first, and those under way or ended since the page was opened. */
export class ExportState {
  records: readonly ExportRecord[] = $state.raw([]);
  isLoaded = $state(false);
  /** In the order of their beginning. */
  readonly jobs = new SvelteMap<JobId, ExportJob>();
  readonly #client: PageClient;
  readonly #projectId: ProjectId;

  constructor(client: PageClient, projectId: ProjectId) {
    this.#client = client;
    this.#projectId = projectId;
  }

  /** Follows changes until the returned function is called; listen first, then load. */
  start(): () => void {
    return this.#client.on('export.changed', ({ job }) => {
      if (job.projectId === this.#projectId) this.#put(job);
    });
  }

  async load(): Promise<void> {
    const { exports, jobs } = await this.#client.call('export.list', { projectId: this.#projectId });
    this.records = exports;
    // What ended while the connection was lost is not listed any more.
    const listed = new Set(jobs.map(({ id }) => id));
    for (const job of this.jobs.values()) if (isExporting(job) && !listed.has(job.id)) this.jobs.delete(job.id);
    // An event may have come while the list was on its way: what it said is newer.
    for (const job of jobs.toReversed()) if (!this.jobs.has(job.id)) this.jobs.set(job.id, job);
    this.isLoaded = true;
  }

  async begin(runId: RunId): Promise<void> {
    const job = await this.#client.call('export.start', { projectId: this.#projectId, runId, format: 'tfjs' });
    if (!this.jobs.has(job.id)) this.jobs.set(job.id, job);
  }

  async cancel(jobId: JobId): Promise<void> {
    await this.#client.call('export.cancel', { jobId });
  }

  recordsOf(runId: RunId): readonly ExportRecord[] {
    return this.records.filter((record) => record.runId === runId);
  }

  /** The latest export job of a run that this page knows of. */
  jobOf(runId: RunId): ExportJob | undefined {
    return [...this.jobs.values()].findLast((job) => job.runId === runId);
  }

  #put(job: ExportJob): void {
    this.jobs.set(job.id, job);
    const { record } = job;
    if (record && !this.records.some(({ id }) => id === record.id)) this.records = [record, ...this.records];
  }
}

/** True while files are written or checked. */
export function isExporting({ status }: ExportJob): boolean {
  return status === 'writing' || status === 'checking';
}
