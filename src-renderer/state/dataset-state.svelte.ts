import type { Dataset, DatasetClass, DatasetImage } from '../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { PageClient } from '../client/page-client.ts';
import type { ReportError } from './handle-error.ts';
import type { UnsavedChanges } from './unsaved-changes.svelte.ts';

interface DatasetParts {
  readonly client: PageClient;
  readonly projectId: ProjectId;
  readonly report: ReportError;
  readonly unsaved: UnsavedChanges;
}

export interface DatasetCounts {
  readonly labelled: number;
  readonly byClass: ReadonlyMap<ClassId, number>;
  readonly bySplit: ReadonlyMap<DatasetImage['split'], number>;
}

const emptyDataset: Dataset = {
  revision: -1,
  classes: [],
  images: [],
  splitRatios: { validation: 0.15, test: 0.15, seed: 1 },
  undo: null,
  redo: null,
};

/** Classes and images of the open project. Labels set here show at once and while they are kept; else core's word is final. */
export class DatasetState {
  current: Dataset = $state.raw(emptyDataset);
  isLoaded = $state(false);
  /** Changes that core has not confirmed yet. */
  pending = $state(0);
  readonly images = $derived(this.current.images);
  readonly classes = $derived(this.current.classes.toSorted((a, b) => a.order - b.order));
  readonly classById: ReadonlyMap<ClassId, DatasetClass> = $derived(new Map(this.classes.map((one) => [one.id, one])));
  readonly imageById: ReadonlyMap<ImageId, DatasetImage> = $derived(new Map(this.images.map((one) => [one.id, one])));
  /** An image of each class, where it has one. */
  readonly exampleByClass: ReadonlyMap<ClassId, ImageId> = $derived(findExamples(this.images));
  readonly counts: DatasetCounts = $derived(countImages(this.images));

  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  readonly #report: ReportError;
  readonly #unsaved: UnsavedChanges;
  #latestRevision = -1;
  #loading: Promise<void> | null = null;

  constructor({ client, projectId, report, unsaved }: DatasetParts) {
    this.#client = client;
    this.#projectId = projectId;
    this.#report = report;
    this.#unsaved = unsaved;
  }

  /** A class's place among all, which chooses its colour; null without a class, or for one that is gone. */
  orderOf(classId: ClassId | null | undefined): number | null {
    return classId == null ? null : (this.classById.get(classId)?.order ?? null);
  }

  start(): () => void {
    return this.#client.on('dataset.changed', ({ projectId, revision }) => {
      if (projectId !== this.#projectId) return;
      this.#latestRevision = Math.max(this.#latestRevision, revision);
      this.#catchUp();
    });
  }

  /** Asks core for all of it; one request at a time, repeated when a change came in between. */
  async load(): Promise<void> {
    this.#loading ??= this.#loadOnce().finally(() => {
      this.#loading = null;
    });
    await this.#loading;
    this.#catchUp();
  }

  /** Gives images a class, or none; resolves with how many changed. */
  async setLabel(imageIds: readonly ImageId[], classId: ClassId | null): Promise<number> {
    const before = this.current;
    this.#showLabel(imageIds, classId);
    try {
      const { changed, revision } = await this.#change(() =>
        this.#client.call('dataset.setLabel', { projectId: this.#projectId, imageIds: [...imageIds], classId }),
      );
      // Nothing else happened in between: what is shown is what core has.
      if (revision === before.revision + 1 && this.pending === 0) this.current = { ...this.current, revision };
      return changed;
    } catch (error) {
      await this.load();
      throw error;
    } finally {
      this.#catchUp();
    }
  }

  async addClass(name: string): Promise<ClassId> {
    const { classId } = await this.#change(() =>
      this.#client.call('dataset.addClass', { projectId: this.#projectId, name }),
    );
    await this.load();
    return classId;
  }

  async renameClass(classId: ClassId, name: string): Promise<void> {
    await this.#change(() => this.#client.call('dataset.renameClass', { projectId: this.#projectId, classId, name }));
    await this.load();
  }

  async deleteClass(classId: ClassId): Promise<void> {
    await this.#change(() => this.#client.call('dataset.deleteClass', { projectId: this.#projectId, classId }));
    await this.load();
  }

  async shareOut(ratios: Dataset['splitRatios']): Promise<void> {
    await this.#change(() => this.#client.call('dataset.shareOut', { projectId: this.#projectId, ratios }));
    await this.load();
  }

  async undo(): Promise<void> {
    await this.#change(() => this.#client.call('dataset.undo', { projectId: this.#projectId }));
    await this.load();
  }

  async redo(): Promise<void> {
    await this.#change(() => this.#client.call('dataset.redo', { projectId: this.#projectId }));
    await this.load();
  }

  async #loadOnce(): Promise<void> {
    const dataset = await this.#client.call('dataset.get', { projectId: this.#projectId });
    this.#latestRevision = Math.max(this.#latestRevision, dataset.revision);
    this.current = { ...dataset, images: withLabels(dataset.images, this.#unsaved.labelsOf(this.#projectId)) };
    this.isLoaded = true;
  }

  #catchUp(): void {
    if (this.pending > 0 || this.#loading || this.#latestRevision <= this.current.revision) return;
    void this.load().catch(this.#report);
  }

  async #change<Result extends { readonly revision: number }>(call: () => Promise<Result>): Promise<Result> {
    this.pending += 1;
    try {
      const result = await call();
      this.#latestRevision = Math.max(this.#latestRevision, result.revision);
      return result;
    } finally {
      this.pending -= 1;
    }
  }

  #showLabel(imageIds: readonly ImageId[], classId: ClassId | null): void {
    const labels = new Map(imageIds.map((id) => [id, classId] as const));
    const images = withLabels(this.current.images, labels);
    const className = classId === null ? null : (this.classById.get(classId)?.name ?? null);
    const edit = {
      kind: classId === null ? ('clear-label' as const) : ('set-label' as const),
      imageCount: labels.size,
      className,
      at: new Date().toISOString(),
    };
    this.current = { ...this.current, images, undo: edit, redo: null };
  }
}

function withLabels(
  images: readonly DatasetImage[],
  labels: ReadonlyMap<ImageId, ClassId | null>,
): readonly DatasetImage[] {
  if (labels.size === 0) return images;
  return images.map((image) => {
    const classId = labels.get(image.id);
    return classId === undefined ? image : { ...image, classId };
  });
}

function findExamples(images: readonly DatasetImage[]): ReadonlyMap<ClassId, ImageId> {
  const examples = new Map<ClassId, ImageId>();
  for (const { id, classId } of images) if (classId !== null && !examples.has(classId)) examples.set(classId, id);
  return examples;
}

function countImages(images: readonly DatasetImage[]): DatasetCounts {
  const byClass = new Map<ClassId, number>();
  const bySplit = new Map<DatasetImage['split'], number>();
  let labelled = 0;
  for (const { classId, split } of images) {
    bySplit.set(split, (bySplit.get(split) ?? 0) + 1);
    if (classId === null) continue;
    labelled += 1;
    byClass.set(classId, (byClass.get(classId) ?? 0) + 1);
  }
  return { labelled, byClass, bySplit };
}
