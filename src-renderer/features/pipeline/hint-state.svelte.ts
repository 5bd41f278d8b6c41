import type { CommandInput } from '../../../src-shared/contract/contract.ts';
import type { PageClient } from '../../client/page-client.ts';
import { LatestAnswer } from '../../state/latest-answer.svelte.ts';

/** Long enough for a slider to come to rest: measuring decodes dozens of images. */
const debounceMs = 600;

/** How the evaluation list that is edited fits the images, as far as was last measured. */
export class HintState {
  readonly #answer: LatestAnswer<'pipeline.hints'>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Null also for a wrong list, which has its reason where the step stands. */
  readonly hints = $derived.by(() => (this.#answer.failure === null ? this.#answer.result : null));

  constructor(client: PageClient) {
    this.#answer = new LatestAnswer(client, 'pipeline.hints');
  }

  /** Asks soon; a later request takes the place of this one. */
  request(input: CommandInput<'pipeline.hints'>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#answer.request(input), debounceMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#answer.close();
  }
}
