import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import {
  expectWrong,
  histogramOf,
  type AcceptPreview,
  type ImageClass,
  type QueueOrder,
  type SuggestedLabel,
  type SuspectLabel,
} from '../../../src-shared/domain/suggestion.ts';
import type { FromQuickHead, HeadVerdicts } from '../../jobs/quick-head-protocol.ts';
import type { LabelRow } from '../../storage/dataset/assist-notes.ts';

type Said<T extends FromQuickHead['type']> = Extract<FromQuickHead, { readonly type: T }>;

/** A suggestion with what decides its place in the queue. */
interface KnownSuggestion extends SuggestedLabel {
  /** The class's probability less the second one's. */
  readonly margin: number;
}

/** One labelled image judged by a head that did not learn from it. */
interface Judged extends HeadJudgement {
  readonly isRight: boolean;
}

/** What the head says of one image. */
export interface HeadJudgement {
  readonly imageId: ImageId;
  readonly classId: ClassId;
  readonly confidence: number;
  readonly margin: number;
  /** −ln of the label's probability; null where there was no label. */
  readonly loss: number | null;
}

const firstInQueue = 12;
const mostQueued = 2000;

/** What the head said last, without what a person has settled since: labelled images, refused classes, confirmed labels. */
export class SuggestionBoard {
  /** Least sure first. */
  #suggestions: readonly KnownSuggestion[] = [];
  #judged: readonly Judged[] = [];
  #suspects: readonly SuspectLabel[] = [];
  #queues: Readonly<Record<QueueOrder, readonly ImageId[]>> = { unsure: [], diverse: [], mixed: [] };
  #rows: readonly LabelRow[] = [];
  #labels = new Map<ImageId, ClassId | null>();
  readonly #refused = new Set<string>();
  readonly #confirmed = new Set<string>();
  #open: readonly KnownSuggestion[] = [];
  #openSuspects: readonly SuspectLabel[] = [];

  /** The labels as they are now. */
  setRows(rows: readonly LabelRow[]): void {
    this.#rows = rows;
    this.#labels = new Map(rows.map(({ id, classId }) => [id, classId]));
    this.#settle();
  }

  /** Some labels as they are now, ahead of the next `setRows`; answers how many of the images had none. */
  label(items: readonly ImageClass[]): number {
    const had = items.filter(({ imageId }) => this.#labels.get(imageId) === null).length;
    for (const { imageId, classId } of items) this.#labels.set(imageId, classId);
    this.#settle();
    return had;
  }

  setJudgements(refused: readonly ImageClass[], confirmed: readonly ImageClass[]): void {
    this.#refused.clear();
    this.#confirmed.clear();
    for (const item of refused) this.#refused.add(keyOf(item.imageId, item.classId));
    for (const item of confirmed) this.#confirmed.add(keyOf(item.imageId, item.classId));
    this.#settle();
  }

  setSuggestions(verdicts: HeadVerdicts, rows: readonly LabelRow[], classIds: readonly ClassId[]): void {
    this.#suggestions = verdicts.rows
      .flatMap((row, index): KnownSuggestion[] => {
        const imageId = rows[row]?.id;
        const classId = classIds[verdicts.classes[index] ?? -1];
        if (!imageId || !classId) return [];
        return [
          { imageId, classId, confidence: verdicts.confidences[index] ?? 0, margin: verdicts.margins[index] ?? 0 },
        ];
      })
      .sort((a, b) => a.confidence - b.confidence || (a.imageId < b.imageId ? -1 : 1));
    this.#settle();
  }

  setValidation(
    { outOfFold, losses, suspects }: Said<'head-validated'>,
    rows: readonly LabelRow[],
    classIds: readonly ClassId[],
  ): void {
    this.#judged = outOfFold.rows.flatMap((row, index): Judged[] => {
      const [judged, classId] = [rows[row], classIds[outOfFold.classes[index] ?? -1]];
      if (!judged || !classId) return [];
      const { confidences, margins } = outOfFold;
      return [
        {
          ...{ imageId: judged.id, classId, confidence: confidences[index] ?? 0, margin: margins[index] ?? 0 },
          ...{ loss: losses[index] ?? null, isRight: judged.classId === classId },
        },
      ];
    });
    this.#suspects = suspects.flatMap(({ row, given, likely, givenShare, likelyShare }): SuspectLabel[] => {
      const [imageId, givenId, likelyId] = [rows[row]?.id, classIds[given], classIds[likely]];
      return imageId && givenId && likelyId
        ? [{ imageId, given: givenId, likely: likelyId, givenShare, likelyShare }]
        : [];
    });
    this.#settle();
  }

  setQueues({ unsure, diverse, mixed }: Said<'head-queued'>, rows: readonly LabelRow[]): void {
    const idsOf = (queue: readonly number[]): readonly ImageId[] => queue.flatMap((row) => rows[row]?.id ?? []);
    this.#queues = { unsure: idsOf(unsure), diverse: idsOf(diverse), mixed: idsOf(mixed) };
  }

  clear(): void {
    this.#suggestions = [];
    this.#judged = [];
    this.#suspects = [];
    this.#queues = { unsure: [], diverse: [], mixed: [] };
    this.#settle();
  }

  get outOfFold(): { readonly right: number; readonly total: number } | null {
    if (this.#judged.length === 0) return null;
    return { right: this.#judged.filter(({ isRight }) => isRight).length, total: this.#judged.length };
  }

  /** Of every image that it judged last, whatever a person has settled since; labelled ones out of fold. */
  get judgements(): readonly HeadJudgement[] {
    return [...this.#judged, ...this.#suggestions.map((suggestion) => ({ ...suggestion, loss: null }))];
  }

  get suggested(): number {
    return this.#open.length;
  }

  get suspects(): readonly SuspectLabel[] {
    return this.#openSuspects;
  }

  get histogram(): readonly number[] {
    return histogramOf(this.#open.map(({ confidence }) => confidence));
  }

  /** Those from the threshold on, least sure first, then the others, surest first. */
  list(
    threshold: number,
    classId: ClassId | null,
  ): { readonly above: number; readonly all: readonly SuggestedLabel[] } {
    const wanted = classId === null ? this.#open : this.#open.filter((one) => one.classId === classId);
    const cut = lowerBound(wanted, threshold);
    const all = [...wanted.slice(cut), ...wanted.slice(0, cut).reverse()];
    return { above: wanted.length - cut, all: all.map(({ margin: _, ...suggestion }) => suggestion) };
  }

  above(threshold: number): readonly SuggestedLabel[] {
    return this.#open.slice(lowerBound(this.#open, threshold)).map(({ margin: _, ...suggestion }) => suggestion);
  }

  preview(threshold: number): Omit<AcceptPreview, 'version'> {
    const accepted = this.above(threshold);
    const counts = new Map<ClassId, number>();
    for (const { classId } of accepted) counts.set(classId, (counts.get(classId) ?? 0) + 1);
    const alike = this.#judged.filter(({ confidence }) => confidence >= threshold);
    const right = alike.filter(({ isRight }) => isRight).length;
    return {
      ...{ count: accepted.length, right, judged: alike.length },
      ...expectWrong(accepted.length, right, alike.length),
      gains: [...counts].map(([classId, count]) => ({ classId, count })).sort((a, b) => b.count - a.count),
    };
  }

  /** The images to label next: as the order says, then by margin, then those of which nothing is known. */
  queue(order: QueueOrder): readonly ImageId[] {
    const queued = new Set<ImageId>();
    const add = (imageId: ImageId): void => {
      if (queued.size < mostQueued) queued.add(imageId);
    };
    for (const imageId of this.#queues[order]) if (this.#labels.get(imageId) === null) add(imageId);
    for (const { imageId } of this.#open.toSorted((a, b) => a.margin - b.margin)) add(imageId);
    for (const { id, classId, split } of this.#rows) if (classId === null && split !== 'test') add(id);
    return [...queued];
  }

  next(order: QueueOrder): readonly ImageId[] {
    return this.queue(order).slice(0, firstInQueue);
  }

  #settle(): void {
    this.#open = this.#suggestions.filter(
      ({ imageId, classId }) => this.#labels.get(imageId) === null && !this.#refused.has(keyOf(imageId, classId)),
    );
    this.#openSuspects = this.#suspects.filter(
      ({ imageId, given }) => this.#labels.get(imageId) === given && !this.#confirmed.has(keyOf(imageId, given)),
    );
  }
}

function keyOf(imageId: ImageId, classId: ClassId): string {
  return `${imageId} ${classId}`;
}

/** The first place whose confidence reaches the threshold. */
function lowerBound(sorted: readonly SuggestedLabel[], threshold: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.confidence ?? 1) < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
