import type { Quality } from '../../src-shared/contract/quality.contract.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { PageClient } from '../client/page-client.ts';
import { LatestAnswer } from './latest-answer.svelte.ts';

/** Changes that come close together share one request. */
const restMs = 250;

/** What was looked for in the dataset of a project, kept up while a page shows it. */
export class QualityState {
  readonly #answer: LatestAnswer<'quality.get'>;
  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  #scan: Quality['scan'] | null = $state.raw(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: PageClient, projectId: ProjectId) {
    this.#client = client;
    this.#projectId = projectId;
    this.#answer = new LatestAnswer(client, 'quality.get', () => {
      this.#scan = this.#answer.result?.scan ?? null;
    });
  }

  readonly current: Quality | null = $derived.by(() => this.#answer.result);
  readonly failure: unknown = $derived.by(() => this.#answer.failure);
  readonly scan: Quality['scan'] | null = $derived.by(() => this.#scan ?? this.current?.scan ?? null);

  /** Loads and follows; returns the function that stops. */
  start(): () => void {
    const isOurs = ({ projectId }: { readonly projectId: ProjectId }): boolean => projectId === this.#projectId;
    const stops = [
      this.#client.on('quality.changed', (event) => isOurs(event) && this.#reloadSoon()),
      this.#client.on('dataset.changed', (event) => isOurs(event) && this.#reloadSoon()),
      this.#client.on('quality.scanned', (event) => {
        if (isOurs(event)) this.#scan = event.scan;
      }),
    ];
    this.reload();
    return () => {
      clearTimeout(this.#timer);
      this.#answer.close();
      stops.forEach((stop) => stop());
    };
  }

  reload(): void {
    this.#answer.request({ projectId: this.#projectId });
  }

  #reloadSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.reload(), restMs);
  }
}
