import type { CommandInput, CommandOutput } from '../../../src-shared/contract/contract.ts';
import type { PageClient } from '../../client/page-client.ts';

/** Long enough for a slider to come to rest: measuring decodes dozens of images. */
const debounceMs = 600;

/** How the pipeline that is edited fits the images, as far as was last measured. */
export class HintState {
  hints: CommandOutput<'pipeline.hints'> | null = $state.raw(null);
  readonly #client: PageClient;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #latest = 0;

  constructor(client: PageClient) {
    this.#client = client;
  }

  /** Asks soon; a later request takes the place of this one. */
  request(input: CommandInput<'pipeline.hints'>): void {
    clearTimeout(this.#timer);
    this.#latest += 1;
    const own = this.#latest;
    this.#timer = setTimeout(() => {
      this.#client.call('pipeline.hints', input).then(
        (hints) => {
          if (own === this.#latest) this.hints = hints;
        },
        // A wrong list has its reason where the step stands; hints are for lists that run.
        () => {
          if (own === this.#latest) this.hints = null;
        },
      );
    }, debounceMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#latest += 1;
  }
}
