import type { CommandInput } from '../../src-shared/contract/contract.ts';
import type { PipelinePreview } from '../../src-shared/contract/pipeline.contract.ts';
import type { PageClient } from '../client/page-client.ts';

const debounceMs = 60;
/** Samples use the seeds right after the draw's own, so the next draw starts beyond them. */
const seedStride = 32;

export type PreviewRequest = Omit<CommandInput<'pipeline.preview'>, 'seed'>;

/** The latest preview of a pipeline: one request at a time, the newest wish next, the last pictures stay meanwhile. */
export class PreviewState {
  result: PipelinePreview | null = $state.raw(null);
  /** Of the request that `result` answers, so that steps and pictures match while the next one is under way. */
  shown: PreviewRequest | null = $state.raw(null);
  isBusy = $state(false);
  failure: unknown = $state.raw(null);
  seed = $state(1);
  /** The draw stays when steps change; else every change draws anew. */
  isFrozen = $state(true);
  readonly #client: PageClient;
  #wanted: CommandInput<'pipeline.preview'> | null = null;
  #latest: PreviewRequest | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(client: PageClient) {
    this.#client = client;
  }

  /** Asks for a preview soon; replaces a wish that has not been sent yet. */
  request(input: PreviewRequest): void {
    if (!this.isFrozen && this.#latest && this.#latest.pipeline !== input.pipeline) this.seed += seedStride;
    this.#latest = input;
    this.#wanted = { ...input, seed: this.seed };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), debounceMs);
  }

  /** Draws anew. */
  again(): void {
    this.seed += seedStride;
    if (this.#latest) this.#wanted = { ...this.#latest, seed: this.seed };
    void this.#send();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #send(): Promise<void> {
    const input = this.#wanted;
    if (this.isBusy || input === null || this.#isClosed) return;
    this.#wanted = null;
    this.isBusy = true;
    try {
      this.result = await this.#client.call('pipeline.preview', input);
      this.shown = input;
      this.failure = null;
    } catch (error) {
      this.failure = error;
    } finally {
      this.isBusy = false;
    }
    await this.#send();
  }
}
