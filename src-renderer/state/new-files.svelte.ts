import type { NewFiles as NewFilesIn } from '../../src-shared/contract/rescan.contract.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { PageClient } from '../client/page-client.ts';

/** Folders are looked at no more often than this, however often the window comes to the front. */
const everyMs = 20_000;

/** Files that came to folders after they were imported. */
export class NewFiles {
  folders: readonly NewFilesIn[] = $state.raw([]);
  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(client: PageClient, projectId: ProjectId) {
    this.#client = client;
    this.#projectId = projectId;
  }

  /** Looks when the last look is some time ago. A folder that cannot be read is no news: nobody is told of it. */
  lookAgain(): void {
    if (document.visibilityState === 'hidden' || performance.now() - this.#lookedMs < everyMs) return;
    this.look().catch(() => undefined);
  }

  /** Looks now; answers how many there are. */
  async look(): Promise<number> {
    this.#lookedMs = performance.now();
    const { folders } = await this.#client.call('rescan.find', { projectId: this.#projectId });
    this.folders = folders;
    return folders.reduce((sum, { count }) => sum + count, 0);
  }
}
