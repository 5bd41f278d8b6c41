import { byteRoutes } from '../../src-shared/contract/byte-routes.ts';
import { judgementHeadSchema, similarityHeadSchema } from '../../src-shared/contract/judgement-stream.ts';
import type { ImageId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { Judge } from '../../src-shared/domain/judgement.ts';
import { readColumnFrames } from '../client/dataset-frames.ts';
import type { PageClient } from '../client/page-client.ts';
import type { DatasetState } from './dataset-state.svelte.ts';
import type { ReportError } from './handle-error.ts';
import type { RunList } from './run-list.svelte.ts';
import type { Suggestions } from './suggestions.svelte.ts';
import { JudgedImages, SimilarImages } from './table/judged-images.ts';

interface ModelViewParts {
  readonly client: PageClient;
  readonly projectId: ProjectId;
  readonly dataset: DatasetState;
  readonly runs: RunList;
  readonly suggestions: Suggestions;
  readonly report: ReportError;
}

/**
 * What models say of all images, asked for when somebody filters or sorts by it. It then stays as it is until it is asked for anew, so that
 * nothing moves under the hands of who is labelling.
 */
export class ModelView {
  judged: JudgedImages | null = $state.raw(null);
  similar: SimilarImages | null = $state.raw(null);
  isLoading = $state(false);
  /** Who can be asked: the head beside labelling first, then runs that judged held-out images, the latest first. */
  readonly judges: readonly Judge[] = $derived.by(() => {
    const { runs, suggestions } = this.#parts;
    const judgedRuns = runs.records.filter(({ result }) => result !== null).map(({ id }): Judge => id);
    return suggestions.isOn ? ['head', ...judgedRuns] : judgedRuns;
  });
  /** True when there are features to compare images by. */
  readonly hasFeatures: boolean = $derived.by(() => (this.#parts.suggestions.features?.done ?? 0) > 0);
  /** True when the head has learned since it was asked. */
  readonly isOutdated: boolean = $derived.by(() => {
    const { current } = this.#parts.suggestions;
    if (this.judged?.head.judge !== 'head' || current?.state !== 'ready') return false;
    return current.model !== null && current.model.learnedAt !== this.judged.head.at;
  });
  readonly #parts: ModelViewParts;
  #asked: Judge | null = null;
  #askedSimilar: ImageId | null = null;

  constructor(parts: ModelViewParts) {
    this.#parts = parts;
    // Rows mean other images then.
    parts.dataset.onReplaced(() => this.#forget());
  }

  /** The judge that an address names, else the first there is; null where there is none. */
  judgeOf(named: string | null | undefined): Judge | null {
    return this.judges.find((judge) => judge === named) ?? this.judges[0] ?? null;
  }

  /** Asks a judge, unless its answer is there or under way; one that had nothing to say is asked again. */
  want(judge: Judge): void {
    const isThere = this.judged?.head.judge === judge && this.judged.head.count > 0;
    if (!isThere && this.#asked !== judge) this.ask(judge);
  }

  /** Asks a judge anew. */
  ask(judge: Judge): void {
    this.#asked = judge;
    this.isLoading = true;
    void this.#load(judge)
      .catch(this.#parts.report)
      .finally(() => {
        if (this.#asked !== judge) return;
        this.#asked = null;
        this.isLoading = false;
      });
  }

  /** Compares all images with one, unless that is done or under way. */
  compareWith(imageId: ImageId): void {
    if (this.similar?.imageId === imageId || this.#askedSimilar === imageId) return;
    this.#askedSimilar = imageId;
    void this.#loadSimilar(imageId)
      .catch(this.#parts.report)
      .finally(() => {
        if (this.#askedSimilar === imageId) this.#askedSimilar = null;
      });
  }

  #forget(): void {
    this.judged = null;
    this.similar = null;
    this.#asked = null;
    this.#askedSimilar = null;
    this.isLoading = false;
  }

  async #load(judge: Judge): Promise<void> {
    const { client, projectId, dataset } = this.#parts;
    const { table } = dataset;
    let judged: JudgedImages | null = null;
    for await (const frame of readColumnFrames(
      await client.openBytes(byteRoutes.judgements(projectId, judge)),
      judgementHeadSchema,
    )) {
      if (frame.kind === 'head') judged = new JudgedImages(frame.head);
      else judged?.put(table, frame.block);
    }
    if (this.#asked === judge && table === dataset.table) this.judged = judged;
  }

  async #loadSimilar(imageId: ImageId): Promise<void> {
    const { client, projectId, dataset } = this.#parts;
    const { table } = dataset;
    let similar: SimilarImages | null = null;
    const bytes = await client.openBytes(byteRoutes.similar(projectId, imageId));
    for await (const frame of readColumnFrames(bytes, similarityHeadSchema)) {
      if (frame.kind === 'head') similar = new SimilarImages(imageId, frame.head);
      else similar?.put(table, frame.block);
    }
    if (this.#askedSimilar === imageId && table === dataset.table) this.similar = similar;
  }
}
