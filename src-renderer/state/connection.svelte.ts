import type { ConnectionStatus, PageClient } from '../client/page-client.ts';

/** Whether core can be asked, with what has to happen before the page counts as connected again. */
export class Connection {
  status: ConnectionStatus = $state('connecting');
  /** Nothing can be asked at the moment. */
  readonly isBroken: boolean = $derived(this.status !== 'connecting' && this.status !== 'open');
  readonly #client: PageClient;
  readonly #comeBack: () => Promise<void>;
  #latest: ConnectionStatus = 'connecting';

  /** `comeBack` brings core to where the page is, after events were missed or core itself was lost; never rejects. */
  constructor(client: PageClient, comeBack: () => Promise<void>) {
    this.#client = client;
    this.#comeBack = comeBack;
  }

  /** Follows the client; returns the function that stops. */
  start(): () => void {
    return this.#client.onConnection((status) => {
      this.#latest = status;
      if (this.isBroken && status === 'open') void this.#mend();
      else this.status = status;
    });
  }

  async #mend(): Promise<void> {
    await this.#comeBack();
    // It may have been lost again meanwhile.
    this.status = this.#latest;
  }
}
