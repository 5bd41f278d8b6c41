import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { SavedView } from '../../src-shared/domain/saved-view.ts';
import type { PageClient } from '../client/page-client.ts';
import type { ReportError } from './handle-error.ts';

/** The saved views of a project. */
export class SavedViews {
  list: readonly SavedView[] = $state.raw([]);
  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  readonly #report: ReportError;

  constructor(client: PageClient, projectId: ProjectId, report: ReportError) {
    this.#client = client;
    this.#projectId = projectId;
    this.#report = report;
  }

  start(): () => void {
    return this.#client.on('view.listChanged', ({ projectId }) => {
      if (projectId === this.#projectId) this.load().catch(this.#report);
    });
  }

  async load(): Promise<void> {
    this.list = (await this.#client.call('view.list', { projectId: this.#projectId })).views;
  }

  async save(view: SavedView): Promise<void> {
    await this.#client.call('view.save', { projectId: this.#projectId, view });
  }

  async delete(name: string): Promise<void> {
    await this.#client.call('view.delete', { projectId: this.#projectId, name });
  }
}
