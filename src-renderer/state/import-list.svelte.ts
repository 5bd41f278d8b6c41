import type { ImportJob } from '../../src-shared/contract/import.contract.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { PageClient } from '../client/page-client.ts';

/** The imports of this session, latest first. */
export class ImportList {
  jobs: readonly ImportJob[] = $state.raw([]);
  readonly running = $derived(this.jobs.find(({ status }) => status === 'running') ?? null);
  readonly #client: PageClient;
  readonly #projectId: ProjectId;

  constructor(client: PageClient, projectId: ProjectId) {
    this.#client = client;
    this.#projectId = projectId;
  }

  start(): () => void {
    return this.#client.on('import.changed', ({ job }) => {
      if (job.projectId === this.#projectId) this.put(job);
    });
  }

  async load(): Promise<void> {
    const { imports } = await this.#client.call('import.list', { projectId: this.#projectId });
    this.jobs = imports.map((job) => furtherOf(this.jobs.find(({ id }) => id === job.id) ?? job, job));
  }

  put(job: ImportJob): void {
    const isKnown = this.jobs.some(({ id }) => id === job.id);
    this.jobs = isKnown
      ? this.jobs.map((other) => (other.id === job.id ? furtherOf(other, job) : other))
      : [job, ...this.jobs];
  }
}

/** An answer can arrive after an event that was sent later: a short import must not seem to run for ever. */
function furtherOf(known: ImportJob, arrived: ImportJob): ImportJob {
  if (known.endedAt !== null) return known;
  return arrived.endedAt !== null || arrived.done >= known.done ? arrived : known;
}
