import { byteRoutes } from '../../src-shared/contract/byte-routes.ts';
import type { DatasetHead } from '../../src-shared/contract/dataset-stream.ts';
import type { DatasetClass, DatasetImage, Split } from '../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { ImageMark } from '../../src-shared/domain/image-mark.ts';
import type { Labelling } from '../../src-shared/domain/labelling.ts';
import { readDatasetFrames } from '../client/dataset-frames.ts';
import type { PageClient } from '../client/page-client.ts';
import type { ReportError } from './handle-error.ts';
import { describeChange, showChange, type ImageChange } from './shown-change.ts';
import type { DictionaryColumn } from './table/dictionary-column.ts';
import { classesOf, countByClass, type LabelText } from './table/label-sets.ts';
import { ImageTable } from './table/image-table.ts';
import type { UnsavedChanges } from './unsaved-changes.svelte.ts';

interface DatasetParts {
  readonly client: PageClient;
  readonly projectId: ProjectId;
  readonly labelling: Labelling;
  readonly report: ReportError;
  readonly unsaved: UnsavedChanges;
}

export interface DatasetCounts {
  readonly labelled: number;
  /** In a multi-label project an image counts for each of its classes. */
  readonly byClass: ReadonlyMap<ClassId, number>;
  /** In a multi-label project: images that have none of the classes. */
  readonly ofNone: number;
  /** Images without a label that are not marked to be skipped. */
  readonly toLabel: number;
  readonly bySplit: ReadonlyMap<Split, number>;
  readonly byMark: ReadonlyMap<ImageMark | null, number>;
}

/** All but the images. */
type Head = Omit<DatasetHead, 'isWhole' | 'imageCount'>;

const emptyHead: Head = {
  revision: -1,
  classes: [],
  splitRatios: { validation: 0.15, test: 0.15, seed: 1 },
  undo: null,
  redo: null,
};

/** Classes and images of the open project. Labels set here show at once and while they are kept; else core's word is final. */
export class DatasetState {
  current: Head = $state.raw(emptyHead);
  isLoaded = $state(false);
  /** Changes that core has not confirmed yet. */
  pending = $state(0);
  /** As core sent them; a label replaces `current`, and not these. */
  readonly #sentClasses = $derived(this.current.classes);
  readonly classes = $derived(this.#sentClasses.toSorted((a, b) => a.order - b.order));
  readonly classById: ReadonlyMap<ClassId, DatasetClass> = $derived(new Map(this.classes.map((one) => [one.id, one])));
  readonly counts: DatasetCounts = $derived.by(() => countImages(this.table, this.labelling));
  readonly labelling: Labelling;

  readonly #client: PageClient;
  readonly #projectId: ProjectId;
  readonly #report: ReportError;
  readonly #unsaved: UnsavedChanges;
  #table = new ImageTable();
  /** A new wrapper with every change of the table, which itself is no state. */
  #shown = $state.raw({ table: this.#table });
  #latestRevision = -1;
  #loading: Promise<void> | null = null;
  /** Take back what is shown because it is kept although core does not have it. */
  #keptOver: (() => void)[] = [];
  /** Changes that core has been asked for and has not answered yet, in the order of asking. */
  #asked: readonly { readonly rows: Uint32Array; readonly change: ImageChange }[] = [];
  /** True when the table may be wrong somewhere: the next load reads all images. */
  #isDoubtful = false;
  /** How often something of core was shown. */
  #shownCount = 0;
  readonly #replaced = new Set<(before: ImageTable, after: ImageTable) => void>();

  constructor({ client, projectId, labelling, report, unsaved }: DatasetParts) {
    this.labelling = labelling;
    this.#client = client;
    this.#projectId = projectId;
    this.#report = report;
    this.#unsaved = unsaved;
  }

  /**
   * The images. Read it where it is used, each time: what reads this property is computed again when an image changes,
   * the table itself is always the same.
   */
  get table(): ImageTable {
    return this.#shown.table;
  }

  get imageCount(): number {
    return this.table.count;
  }

  readonly imageById: { get(id: string | null | undefined): DatasetImage | undefined } = {
    get: (id) => {
      const row = id == null ? -1 : this.table.rowOf(id);
      return row === -1 ? undefined : this.#table.image(row);
    },
  };

  /** An image of each class, where it has one. */
  readonly exampleByClass: { get(id: ClassId): ImageId | undefined } = {
    get: (id) => {
      const { classId, labels } = this.table.columns;
      const { count } = this.#table;
      const list = [...labels.counts()].find(([text]) => classesOf(text)?.includes(id))?.[0];
      const row = list === undefined ? classId.example(id, count) : labels.example(list, count);
      return row === -1 ? undefined : this.#table.idAt(row);
    },
  };

  /** What says whether an image is labelled: null where it is not. */
  get labelColumn(): DictionaryColumn<ClassId | null> | DictionaryColumn<LabelText> {
    const { classId, labels } = this.table.columns;
    return this.labelling === 'multi-label' ? labels : classId;
  }

  /** An image of each split, where it has one. */
  readonly exampleBySplit: { get(split: Split): ImageId | undefined } = {
    get: (split) => {
      const row = this.table.columns.split.example(split, this.#table.count);
      return row === -1 ? undefined : this.#table.idAt(row);
    },
  };

  /** The colour of a class, from 0; null without a class, or for one that is gone. */
  colorOf(classId: ClassId | null | undefined): number | null {
    const color = classId == null ? undefined : this.classById.get(classId)?.color;
    return color === undefined ? null : color - 1;
  }

  /** A class's place among all; null without a class, or for one that is gone. */
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

  /** Called when all images were read anew and rows may mean others; returns the function that stops. */
  onReplaced(listener: (before: ImageTable, after: ImageTable) => void): () => void {
    this.#replaced.add(listener);
    return () => this.#replaced.delete(listener);
  }

  /** Asks core for what it does not have yet; one request at a time, repeated when a change came in between. */
  async load(): Promise<void> {
    this.#loading ??= this.#loadOnce().finally(() => {
      this.#loading = null;
    });
    await this.#loading;
    this.#catchUp();
  }

  /** Gives the images of these rows a class, which takes their mark away, or none; resolves with how many changed. */
  setLabel(rows: Uint32Array, classId: ClassId | null): Promise<number> {
    return this.#changeImages(rows, { what: 'label', classId }, (inProject) =>
      this.#client.call('dataset.setLabel', { ...inProject, classId }),
    );
  }

  /** In a multi-label project: puts a class on the images of these rows, which takes their mark away, or takes it off. */
  putClass(rows: Uint32Array, classId: ClassId, isOn: boolean): Promise<number> {
    return this.#changeImages(rows, { what: 'class', classId, isOn }, (inProject) =>
      this.#client.call('dataset.putClass', { ...inProject, classId, isOn }),
    );
  }

  /** In a multi-label project: gives the images of these rows exactly these classes; null: they are not labelled. */
  setLabels(rows: Uint32Array, classIds: readonly ClassId[] | null): Promise<number> {
    return this.#changeImages(rows, { what: 'labels', classIds }, (inProject) =>
      this.#client.call('dataset.setLabels', { ...inProject, classIds: classIds && [...classIds] }),
    );
  }

  /** Marks the images of these rows, or takes their mark away (null); resolves with how many changed. */
  setMark(rows: Uint32Array, mark: ImageMark | null): Promise<number> {
    return this.#changeImages(rows, { what: 'mark', mark }, (inProject) =>
      this.#client.call('dataset.setMark', { ...inProject, mark }),
    );
  }

  /** Any other change of the dataset, which shows once core has it. */
  async change<Result extends { readonly revision: number }>(
    call: (client: PageClient, projectId: ProjectId) => Promise<Result>,
  ): Promise<Result> {
    const result = await this.#change(() => call(this.#client, this.#projectId));
    await this.load();
    return result;
  }

  async addClass(name: string): Promise<ClassId> {
    return (await this.change((client, projectId) => client.call('dataset.addClass', { projectId, name }))).classId;
  }

  async undo(): Promise<void> {
    await this.change((client, projectId) => client.call('dataset.undo', { projectId }));
  }

  async redo(): Promise<void> {
    await this.change((client, projectId) => client.call('dataset.redo', { projectId }));
  }

  async #loadOnce(): Promise<void> {
    const since = this.isLoaded && !this.#isDoubtful ? this.current.revision : null;
    this.#isDoubtful = false;
    let head: DatasetHead | null = null;
    let table = this.#table;
    let shown = 0;
    const bytes = await this.#client.openBytes(byteRoutes.dataset(this.#projectId, since));
    for await (const frame of readDatasetFrames(bytes)) {
      if (frame.kind === 'head') {
        ({ head } = frame);
        if (head.isWhole) table = new ImageTable();
        continue;
      }
      if (table === this.#table) this.#liftKept();
      table.put(frame.block);
      // The first images show while the others are coming, and then more ever more rarely: each time lists are made anew.
      if (head && (!this.isLoaded || (table === this.#table && table.count >= 2 * shown))) {
        this.#show(head, table);
        shown = table.count;
      }
    }
    if (!head) throw new Error('The dataset has no head');
    this.#latestRevision = Math.max(this.#latestRevision, head.revision);
    this.#show(head, table);
  }

  #show({ isWhole: _isWhole, imageCount: _imageCount, ...head }: DatasetHead, table: ImageTable): void {
    const before = this.#table;
    this.#table = table;
    if (table !== before) {
      this.#keptOver = [];
      for (const listener of this.#replaced) listener(before, table);
    }
    this.current = head;
    this.isLoaded = true;
    this.#shownCount += 1;
    this.#showKept();
    for (const { rows, change } of this.#asked) showChange(table, rows, change);
  }

  /** Shows what core has again where others are kept until they can be saved. */
  #liftKept(): void {
    for (const takeBack of this.#keptOver.toReversed()) takeBack();
    this.#keptOver = [];
  }

  /** Shows over what core has the changes that are kept. */
  #showKept(): void {
    this.#liftKept();
    const kept = this.#unsaved.imageChangesOf(this.#projectId);
    this.#keptOver = kept.map(({ imageIds, change }) => showChange(this.#table, this.#table.rowsOf(imageIds), change));
    this.#shown = { table: this.#table };
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

  /** Shows a change at once, asks core for it, and goes back to what core has when it is refused. */
  async #changeImages(
    rows: Uint32Array,
    change: ImageChange,
    call: (input: { projectId: ProjectId; imageIds: ImageId[] }) => Promise<{ revision: number; changed: number }>,
  ): Promise<number> {
    const { revision: revisionBefore } = this.current;
    const shownBefore = this.#shownCount;
    const imageIds = Array.from(rows, (row) => this.#table.idAt(row));
    const takeBack = showChange(this.#table, rows, change);
    this.#shown = { table: this.#table };
    const classId = change.what === 'label' || change.what === 'class' ? change.classId : null;
    const className = classId === null ? null : (this.classById.get(classId)?.name ?? null);
    this.current = { ...this.current, undo: describeChange(change, rows.length, className), redo: null };
    const asked = { rows, change };
    this.#asked = [...this.#asked, asked];
    try {
      const { changed, revision } = await this.#change(() => call({ projectId: this.#projectId, imageIds }));
      // Nothing else happened in between: what is shown is what core has.
      if (revision === revisionBefore + 1 && this.pending === 0) this.current = { ...this.current, revision };
      return changed;
    } catch (error) {
      this.#asked = this.#asked.filter((one) => one !== asked);
      // What core said meanwhile is newer than what was there before; then only all of it anew is right.
      if (shownBefore === this.#shownCount) takeBack();
      else this.#isDoubtful = true;
      this.#showKept();
      await this.load();
      throw error;
    } finally {
      this.#asked = this.#asked.filter((one) => one !== asked);
      this.#catchUp();
    }
  }
}

function countImages(table: ImageTable, labelling: Labelling): DatasetCounts {
  const { count, columns } = table;
  const { classId, labels, mark } = columns;
  const isMulti = labelling === 'multi-label';
  const unlabelled = isMulti ? labels.count(null) : classId.count(null);
  const skipped = isMulti ? countSkipped(table, labels) : countSkipped(table, classId);
  return {
    ...{ labelled: count - unlabelled, toLabel: unlabelled - skipped },
    byClass: isMulti ? countByClass(labels) : countOfOneClass(classId),
    ofNone: isMulti ? labels.count('[]') : 0,
    ...{ bySplit: new Map(columns.split.counts()), byMark: new Map(mark.counts()) },
  };
}

function countOfOneClass(labels: DictionaryColumn<ClassId | null>): ReadonlyMap<ClassId, number> {
  const counts = new Map<ClassId, number>();
  for (const [classId, images] of labels.counts()) if (classId !== null) counts.set(classId, images);
  return counts;
}

/** Images without a label that are marked to be skipped. */
function countSkipped<Label extends string | null>(
  { count, columns: { mark } }: ImageTable,
  labels: DictionaryColumn<Label | null>,
): number {
  if (mark.count('skip') === 0) return 0;
  const [noLabel, skip] = [labels.codeOf(null), mark.codeOf('skip')];
  let skipped = 0;
  for (let row = 0; row < count; row += 1) {
    if (mark.codeAt(row) === skip && labels.codeAt(row) === noLabel) skipped += 1;
  }
  return skipped;
}
