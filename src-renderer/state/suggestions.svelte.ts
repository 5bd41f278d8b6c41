import type { FeaturesStatus } from '../../src-shared/domain/features.ts';
import type { ClassId, ImageId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { ImageClass, QueueOrder, SuggestedLabel, SuggestionState } from '../../src-shared/domain/suggestion.ts';
import type { PageClient } from '../client/page-client.ts';
import type { ReportError } from './handle-error.ts';
import type { ImageQueue } from './order/image-facets.ts';

const thresholdKey = 'graft.acceptThreshold';

/** What a head suggests for the open project, and how far its features are. */
export class Suggestions {
  current: SuggestionState | null = $state.raw(null);
  features: FeaturesStatus | null = $state.raw(null);
  /** The queue as it was asked for last; empty until somebody wants that order. */
  queue: ImageQueue = $state.raw({ version: 0, imageIds: [] });
  /** From this confidence on suggestions are accepted together; 0 … 1. */
  threshold = $state(readThreshold());
  readonly isOn: boolean = $derived(this.current !== null && this.current.state !== 'off');
  readonly version: number = $derived(this.current?.version ?? 0);
  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  readonly #report: ReportError;
  #loading: Promise<void> | null = null;
  #isStale = false;

  constructor(client: PageClient, projectId: ProjectId, report: ReportError) {
    this.#client = client;
    this.#projectId = projectId;
    this.#report = report;
  }

  start(): () => void {
    const stops = [
      this.#client.on('suggestion.changed', ({ projectId }) => {
        if (projectId === this.#projectId) void this.load().catch(this.#report);
      }),
      this.#client.on('features.changed', ({ features }) => {
        if (features.projectId === this.#projectId) this.features = features;
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Asks again; one request at a time, repeated when something changed in between. */
  async load(): Promise<void> {
    this.#isStale = true;
    this.#loading ??= this.#loadAll().finally(() => {
      this.#loading = null;
    });
    await this.#loading;
  }

  async loadQueue(): Promise<void> {
    const { imageIds } = await this.#client.call('suggestion.queue', { projectId: this.#projectId });
    this.queue = { version: this.queue.version + 1, imageIds };
  }

  setThreshold(threshold: number): void {
    this.threshold = Math.min(1, Math.max(0, threshold));
    localStorage.setItem(thresholdKey, String(this.threshold));
  }

  async turn(isOn: boolean): Promise<void> {
    this.current = await this.#client.call('suggestion.turn', { projectId: this.#projectId, isOn, backbone: null });
    await this.#loadFeatures();
  }

  async setOrder(order: QueueOrder): Promise<void> {
    this.current = await this.#client.call('suggestion.order', { projectId: this.#projectId, order });
  }

  async pauseFeatures(isPaused: boolean): Promise<void> {
    const projectId = this.#projectId;
    this.features = await (isPaused
      ? this.#client.call('features.pause', { projectId })
      : this.#client.call('features.start', { projectId, backbone: null }));
  }

  /** Resolves with how many labels changed. */
  async accept(suggestions: readonly SuggestedLabel[]): Promise<number> {
    const { changed } = await this.#client.call('suggestion.accept', {
      projectId: this.#projectId,
      suggestions: [...suggestions],
    });
    return changed;
  }

  async acceptAbove(threshold: number, version: number): Promise<number> {
    const { changed } = await this.#client.call('suggestion.acceptAbove', {
      ...{ projectId: this.#projectId, threshold, version },
    });
    return changed;
  }

  async refuse(items: readonly ImageClass[], isRefused: boolean): Promise<void> {
    await this.#client.call('suggestion.refuse', { projectId: this.#projectId, items: [...items], isRefused });
  }

  async confirm(items: readonly ImageClass[], isConfirmed: boolean): Promise<void> {
    await this.#client.call('suggestion.confirm', { projectId: this.#projectId, items: [...items], isConfirmed });
  }

  /** How likely each class is for an image, likeliest first; null where nothing is known. */
  async ask(imageId: ImageId): Promise<readonly { readonly classId: ClassId; readonly share: number }[] | null> {
    return (await this.#client.call('suggestion.ask', { projectId: this.#projectId, imageId })).shares;
  }

  async #loadAll(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      this.current = await this.#client.call('suggestion.get', { projectId: this.#projectId });
      if (this.features === null) await this.#loadFeatures();
    }
  }

  async #loadFeatures(): Promise<void> {
    this.features = await this.#client.call('features.get', { projectId: this.#projectId });
  }
}

function readThreshold(): number {
  const stored = Number(localStorage.getItem(thresholdKey) ?? Number.NaN);
  return stored >= 0 && stored <= 1 ? stored : 0.95;
}
