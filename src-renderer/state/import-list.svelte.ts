import type { ImportJob } from '../../src-shared/contract/import.contract.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { PageClient } from '../client/page-client.ts';

/** The imports of a project, latest first. */
export class ImportList {
  jobs: readonly ImportJob[] = $state.raw([]);
  /** At work or held. */
  readonly running = $derived(this.jobs.find(({ status }) => status === 'running' || status === 'paused') ?? null);
  /** Ended with Graft and can go on. */
  readonly interrupted = $derived(this.jobs.find(({ status }) => status === 'interrupted') ?? null);
  readonly #client: PageClient;
  readonly #projectId: ProjectId;

  constructor(client: PageClient, projectId: ProjectId) {
    this.#client = client;
    this.#projectId = projectId;
  }

  start(): () => void {
    return this.#client.on('import.changed', ({ job }) => {
      if (job.projectId !== this.#projectId) return;
      const isKnown = this.jobs.some(({ id }) => id === job.id);
      this.jobs = isKnown
        ? this.jobs.map((other) => (other.id === job.id && mayFollow(job, other) ? job : other))
        : [job, ...this.jobs];
    });
  }

  async load(): Promise<void> {
    const { imports } = await this.#client.call('import.list', { projectId: this.#projectId });
    this.jobs = imports.map((job) => furtherOf(this.jobs.find(({ id }) => id === job.id) ?? job, job));
  }

  /** Takes the answer to the start of an import; events may have told more of it already. */
  add(job: ImportJob): void {
    if (!this.jobs.some(({ id }) => id === job.id)) this.jobs = [job, ...this.jobs];
  }
}

/** An import that is over stays so, but the camera page adds to one that is. */
function mayFollow(job: ImportJob, known: ImportJob): boolean {
  return !isOver(known) || (isOver(job) && job.done >= known.done);
}

/** For good: everything that is told later was said before. */
function isOver({ status }: ImportJob): boolean {
  return status === 'completed' || status === 'cancelled';
}

/** An answer can arrive after an event that was sent later: a short import must not seem to run for ever. */
function furtherOf(known: ImportJob, answered: ImportJob): ImportJob {
  return isOver(known) || known.done > answered.done ? known : answered;
}
