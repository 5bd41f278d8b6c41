import type { Database } from 'better-sqlite3';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { Dataset, DatasetImage, Split, SplitRatios } from '../../src-shared/domain/dataset.ts';
import type { ClassChange } from '../../src-shared/domain/class-details.ts';
import type { EditBy } from '../../src-shared/domain/dataset-edit.ts';
import type { ImageMark } from '../../src-shared/domain/image-mark.ts';
import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import type { NewImage, SharePool } from './dataset-rows.ts';
import { AssistNotes } from './dataset/assist-notes.ts';
import { ClassEdits } from './dataset/class-edits.ts';
import { ClassRows } from './dataset/class-rows.ts';
import { DatasetAccess, type EditResult } from './dataset/dataset-access.ts';
import { DatasetReading } from './dataset/dataset-reading.ts';
import { ImageHistory } from './dataset/image-history.ts';
import { ImageIntake, type IntakeResult } from './dataset/image-intake.ts';
import { ImageNumbers } from './dataset/image-numbers.ts';
import { LabelEdits } from './dataset/label-edits.ts';
import { LabelSetEdits } from './dataset/label-set-edits.ts';
import { SplitEdits } from './dataset/split-edits.ts';
import { TagEdits } from './dataset/tag-edits.ts';
import { Trash } from './dataset/trash.ts';

/**
 * Images, classes, labels and splits of one project: the one door to the parts in `dataset/`. Each method that changes
 * something is one transaction.
 */
export class DatasetStore {
  readonly tags: TagEdits;
  readonly trash: Trash;
  readonly history: ImageHistory;
  /** The classes of images in multi-label projects. */
  readonly labelSets: LabelSetEdits;
  /** What suggestions leave in the project. */
  readonly assist: AssistNotes;
  readonly #access: DatasetAccess;
  readonly #reading: DatasetReading;
  readonly #labels: LabelEdits;
  readonly #classes: ClassEdits;
  readonly #splits: SplitEdits;
  readonly #intake: ImageIntake;

  constructor(database: Database, file: string) {
    this.#access = new DatasetAccess(database, file);
    this.assist = new AssistNotes(this.#access);
    const classes = new ClassRows(this.#access);
    const numbers = new ImageNumbers(this.#access);
    this.tags = new TagEdits(this.#access, numbers);
    this.trash = new Trash(this.#access, numbers);
    this.labelSets = new LabelSetEdits(this.#access, classes, numbers);
    this.history = new ImageHistory(this.#access, classes);
    this.#reading = new DatasetReading(this.#access, classes);
    this.#labels = new LabelEdits(this.#access, classes, numbers);
    this.#classes = new ClassEdits(this.#access, classes);
    this.#splits = new SplitEdits(this.#access);
    this.#intake = new ImageIntake(this.#access, classes);
  }

  read(): Dataset {
    return this.#reading.all();
  }

  /** All but the images. */
  readHead(): Omit<Dataset, 'images'> {
    return this.#reading.head();
  }

  revision(): number {
    return this.#access.revision();
  }

  counts(): { readonly images: number; readonly classes: number } {
    return this.#reading.counts();
  }

  /** The first images, one of each class in turn, at most `limit`. */
  cover(limit: number): readonly ImageId[] {
    return this.#reading.cover(limit);
  }

  /** What names the file of every image, in the order in which they came. */
  imageFiles(): readonly Pick<DatasetImage, 'id' | 'format'>[] {
    return this.#reading.files();
  }

  /** Throws AppError 'not-found' when there is no such class. */
  className(classId: ClassId): string {
    return this.#reading.className(classId);
  }

  image(id: ImageId): DatasetImage | undefined {
    return this.#reading.image(id);
  }

  hasImage(id: ImageId): boolean {
    return this.image(id) !== undefined;
  }

  /** The images that are marked to be skipped: they do not take part in training. */
  skippedImages(): ReadonlySet<ImageId> {
    return this.#reading.skipped();
  }

  /** The mark of every image that has one. */
  marks(): ReadonlyMap<ImageId, ImageMark> {
    return this.#reading.marks();
  }

  /** Of the labelled images, how many have their label from whom. */
  labelOrigins(): Readonly<Record<EditBy, number>> {
    return this.#reading.labelOrigins();
  }

  /**
   * A class also takes the mark away. Throws AppError 'not-found' for an unknown class or image; answers how many images changed.
   */
  setLabel(imageIds: readonly ImageId[], classId: ClassId | null, at: string, by: EditBy = 'person'): EditResult {
    return this.#labels.setLabel(imageIds, classId, { at, by });
  }

  /** Null takes the mark away. Throws AppError 'not-found' for an unknown image; answers how many images changed. */
  setMark(imageIds: readonly ImageId[], mark: ImageMark | null, at: string): EditResult {
    return this.#labels.setMark(imageIds, mark, at);
  }

  /** Throws AppError 'conflict' when there is a class of this name. */
  addClass(name: string, at: string): { readonly revision: number; readonly classId: ClassId } {
    return this.#classes.add(name, at);
  }

  renameClass(classId: ClassId, name: string, at: string): number {
    return this.#classes.change(classId, { name }, at);
  }

  /** Throws AppError 'conflict' when another class has the name. */
  changeClass(classId: ClassId, change: ClassChange, at: string): number {
    return this.#classes.change(classId, change, at);
  }

  /** Throws AppError 'conflict' when these are not all classes, each once. */
  orderClasses(classIds: readonly ClassId[], at: string): number {
    return this.#classes.order(classIds, at);
  }

  /** All images of a class go to another, and the class itself goes, as one edit. */
  mergeClass(classId: ClassId, to: ClassId, at: string): number {
    return this.#classes.remove(classId, { kind: 'merge-class', to, at });
  }

  /** Its images go to another class, or stay without a label. */
  deleteClass(classId: ClassId, at: string, to: ClassId | null = null): number {
    return this.#classes.remove(classId, { kind: 'delete-class', to, at });
  }

  /** Throws AppError 'conflict' when there is nothing to undo. */
  undo(): number {
    return this.#access.write(() => {
      if (!this.#access.history.undo()) throw new AppError('conflict', say('nothingToUndo'));
      return this.#access.raiseRevision();
    });
  }

  /** Throws AppError 'conflict' when there is nothing to redo. */
  redo(): number {
    return this.#access.write(() => {
      if (!this.#access.history.redo()) throw new AppError('conflict', say('nothingToRedo'));
      return this.#access.raiseRevision();
    });
  }

  /** All images that a share-out may place, and what came in validation and test folders and is therefore left alone. */
  pool(): SharePool {
    return this.#splits.pool();
  }

  hasWaitingImages(): boolean {
    return this.#splits.hasWaiting();
  }

  /** Shares out anew, as an edit that can be undone. */
  shareOut(splits: ReadonlyMap<ImageId, Split>, ratios: SplitRatios, at: string): number {
    return this.#splits.shareOut(splits, ratios, at);
  }

  /** Places the images that wait for it since their import; not an edit, because an import is none either. */
  placeWaiting(splits: ReadonlyMap<ImageId, Split>): number {
    return this.#splits.placeWaiting(splits);
  }

  ratios(): SplitRatios {
    return this.#splits.ratios();
  }

  setRatios(ratios: SplitRatios): void {
    this.#splits.setRatios(ratios);
  }

  /**
   * Takes images in whose files are safe on disk already. Images that the project has are left as they are. Those
   * without a validation or test folder go to training and wait for `placeWaiting`.
   */
  addImages(images: readonly NewImage[], at: string): IntakeResult {
    return this.#intake.add(images, at);
  }

  /** Makes the classes of an import that are not there. */
  addClasses(...given: Parameters<ImageIntake['addClasses']>): ReturnType<ImageIntake['addClasses']> {
    return this.#intake.addClasses(...given);
  }

  /** Gives images that are there what an import says of them, as one edit; null keeps what there is. */
  relabel(...given: Parameters<ImageIntake['relabel']>): ReturnType<ImageIntake['relabel']> {
    return this.#intake.relabel(...given);
  }
}
