import type { CommandInput } from '../../src-shared/contract/contract.ts';
import type { RuntimeStatus } from '../../src-shared/contract/settings.contract.ts';
import type { PageClient } from '../client/page-client.ts';

/** What trains on this machine; null until it is known. */
export class RuntimeState {
  status: RuntimeStatus | null = $state.raw(null);
  isChecking = $state(false);
  readonly #client: PageClient;

  constructor(client: PageClient) {
    this.#client = client;
  }

  start(): () => void {
    return this.#client.on('runtime.changed', ({ status }) => {
      this.status = status;
    });
  }

  async load(): Promise<void> {
    this.isChecking = true;
    try {
      this.status = await this.#client.call('runtime.describe', {});
    } finally {
      this.isChecking = false;
    }
  }

  async install(device: CommandInput<'runtime.install'>['device']): Promise<void> {
    this.status = await this.#client.call('runtime.install', { device });
  }

  async cancel(): Promise<void> {
    await this.#client.call('runtime.cancel', {});
  }
}
