import type { ProjectId, SnapshotId } from '../../src-shared/domain/ids.ts';
import type { Snapshot } from '../../src-shared/domain/snapshot.ts';
import type { PageClient } from '../client/page-client.ts';
import type { ReportError } from './handle-error.ts';

/** The earlier states of a project, which need not be open: its database may be damaged. */
export class SnapshotList {
  /** Latest first; null until they were asked for. */
  items: readonly Snapshot[] | null = $state.raw(null);
  /** The open project's database turned out to be damaged. */
  isDamaged = $state(false);
  isWorking = $state(false);
  readonly #client: PageClient;
  readonly #projectId: ProjectId;

  constructor(client: PageClient, projectId: ProjectId) {
    this.#client = client;
    this.#projectId = projectId;
  }

  /** Follows; returns the function that stops. */
  start(report: ReportError): () => void {
    const stops = [
      this.#client.on('snapshot.changed', ({ projectId }) => {
        if (projectId === this.#projectId && this.items !== null) void this.load().catch(report);
      }),
      this.#client.on('snapshot.damageFound', ({ projectId }) => {
        if (projectId === this.#projectId) this.isDamaged = true;
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async load(): Promise<void> {
    this.items = (await this.#client.call('snapshot.list', { projectId: this.#projectId })).snapshots;
  }

  async take(): Promise<Snapshot> {
    return this.#work(() => this.#client.call('snapshot.take', { projectId: this.#projectId }));
  }

  /** Resolves with the snapshot of the state that was replaced; null where that was damaged. */
  async restore(snapshotId: SnapshotId): Promise<SnapshotId | null> {
    const { kept } = await this.#work(() =>
      this.#client.call('snapshot.restore', { projectId: this.#projectId, snapshotId }),
    );
    this.isDamaged = false;
    return kept;
  }

  async #work<T>(work: () => Promise<T>): Promise<T> {
    this.isWorking = true;
    try {
      const result = await work();
      await this.load();
      return result;
    } finally {
      this.isWorking = false;
    }
  }
}
