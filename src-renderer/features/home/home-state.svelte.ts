import type { ProjectSummary, Sample } from '../../../src-shared/contract/project.contract.ts';
import type { PageClient } from '../../client/page-client.ts';

/** Recent projects and samples, as the home page shows them. */
export class HomeState {
  projects: readonly ProjectSummary[] = $state.raw([]);
  samples: readonly Sample[] = $state.raw([]);
  isLoaded = $state(false);
  readonly #client: PageClient;

  constructor(client: PageClient) {
    this.#client = client;
  }

  /** Loads and follows; returns the function that stops. */
  start(fail: (error: unknown) => void): () => void {
    const reload = (): void => void this.load().catch(fail);
    reload();
    return this.#client.on('project.listChanged', reload);
  }

  async load(): Promise<void> {
    const { projects, samples } = await this.#client.call('project.list', {});
    this.projects = projects;
    this.samples = samples;
    this.isLoaded = true;
  }
}
