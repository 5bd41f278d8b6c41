import type { CommandInput, CommandName, CommandOutput } from '../../src-shared/contract/contract.ts';
import type { PageClient } from '../client/page-client.ts';

/** Answers to wishes that change faster than they are answered: one request at a time, the newest wish next, the last answer stays meanwhile. */
export class LatestAnswer<Name extends CommandName> {
  result: CommandOutput<Name> | null = $state.raw(null);
  /** The wish that `result` answers. */
  shown: CommandInput<Name> | null = $state.raw(null);
  failure: unknown = $state.raw(null);
  readonly #client: PageClient;
  readonly #name: Name;
  readonly #onrest: (() => void) | undefined;
  #wanted: CommandInput<Name> | null = null;
  #isBusy = false;
  #isClosed = false;

  /** Calls `onrest` after each answer, also a failure, when no newer wish waits. */
  constructor(client: PageClient, name: Name, onrest?: () => void) {
    this.#client = client;
    this.#name = name;
    this.#onrest = onrest;
  }

  /** Replaces a wish that has not been sent yet. */
  request(input: CommandInput<Name>): void {
    this.#wanted = input;
    if (!this.#isBusy) void this.#send();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #send(): Promise<void> {
    this.#isBusy = true;
    while (this.#wanted !== null && !this.#isClosed) {
      const input = this.#wanted;
      this.#wanted = null;
      await this.#ask(input);
    }
    this.#isBusy = false;
    if (!this.#isClosed) this.#onrest?.();
  }

  async #ask(input: CommandInput<Name>): Promise<void> {
    try {
      this.result = await this.#client.call(this.#name, input);
      this.shown = input;
      this.failure = null;
    } catch (error) {
      this.failure = error;
    }
  }
}
