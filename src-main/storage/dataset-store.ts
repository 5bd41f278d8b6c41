import type { Database, Statement } from 'better-sqlite3';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type {
  Dataset,
  DatasetClass,
  DatasetImage,
  ImageFormat,
  Split,
  SplitRatios,
} from '../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { databaseError } from './database-error.ts';
import { toImage, toRatios, type DatasetRow, type ImageRow, type NewImage, type PoolImage } from './dataset-rows.ts';
import { EditHistory } from './edit-history.ts';

const imageColumns = 'id, file_name, source, format, width, height, size_bytes, class_id, split';

/** Images, classes, labels and splits of one project. Each method that changes something is one transaction. */
export class DatasetStore {
  readonly #database: Database;
  readonly #file: string;
  readonly #history: EditHistory;
  readonly #state: Statement<[], DatasetRow>;
  readonly #classes: Statement<[], DatasetClass>;
  readonly #class: Statement<[ClassId], DatasetClass>;
  readonly #images: Statement<[], ImageRow>;
  readonly #image: Statement<[ImageId], ImageRow>;
  readonly #recordLabels: Statement<[number, ClassId | null, string, ClassId | null]>;
  readonly #countImages: Statement<[string], number>;

  constructor(database: Database, file: string) {
    this.#database = database;
    this.#file = file;
    this.#history = new EditHistory(database);
    this.#state = database.prepare('SELECT * FROM dataset');
    this.#classes = database.prepare('SELECT id, name, position AS "order" FROM classes ORDER BY position');
    this.#class = database.prepare('SELECT id, name, position AS "order" FROM classes WHERE id = ?');
    this.#images = database.prepare(`SELECT ${imageColumns} FROM images ORDER BY number`);
    this.#image = database.prepare(`SELECT ${imageColumns} FROM images WHERE id = ?`);
    this.#recordLabels = database.prepare(
      `INSERT INTO edit_images SELECT ?, number, class_id, ?, split, split FROM images
       WHERE id IN (SELECT value FROM json_each(?)) AND class_id IS NOT ?`,
    );
    this.#countImages = database
      .prepare<[string], number>('SELECT count(*) FROM images WHERE id IN (SELECT value FROM json_each(?))')
      .pluck();
  }

  read(): Dataset {
    // One transaction, so that what another process commits in between is seen wholly or not at all.
    return this.#database.transaction((): Dataset => {
      const state = this.#readState();
      return {
        revision: state.revision,
        classes: this.#classes.all(),
        images: this.#images.all().map(toImage),
        splitRatios: toRatios(state),
        ...this.#history.next(),
      };
    })();
  }

  revision(): number {
    return this.#readState().revision;
  }

  counts(): { readonly images: number; readonly classes: number } {
    const count = (table: 'images' | 'classes'): number =>
      this.#database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
    return { images: count('images'), classes: count('classes') };
  }

  /** The first images, one of each class in turn, at most `limit`. */
  cover(limit: number): readonly ImageId[] {
    return this.#database
      .prepare<[number], ImageId>(
        `SELECT id FROM (
           SELECT id, number, row_number() OVER (PARTITION BY class_id ORDER BY number) AS turn FROM images)
         ORDER BY turn, number LIMIT ?`,
      )
      .pluck()
      .all(limit);
  }

  image(id: ImageId): DatasetImage | undefined {
    const row = this.#image.get(id);
    return row && toImage(row);
  }

  hasImage(id: ImageId): boolean {
    return this.#image.get(id) !== undefined;
  }

  /** Throws AppError 'not-found' for an unknown class or image; answers how many images changed. */
  setLabel(
    imageIds: readonly ImageId[],
    classId: ClassId | null,
    at: string,
  ): { readonly revision: number; readonly changed: number } {
    return this.#write(() => {
      const className = classId === null ? null : this.#existingClass(classId).name;
      const ids = JSON.stringify(imageIds);
      if (this.#countImages.get(ids) !== new Set(imageIds).size) {
        throw new AppError('not-found', say('imagesGone'));
      }
      const changed = this.#history.perform(
        { kind: classId === null ? 'clear-label' : 'set-label', at, className },
        (edit) => this.#recordLabels.run(edit, classId, ids, classId).changes,
      );
      return { revision: changed === 0 ? this.revision() : this.#raiseRevision(), changed };
    });
  }

  /** Throws AppError 'conflict' when there is a class of this name. */
  addClass(name: string, at: string): { readonly revision: number; readonly classId: ClassId } {
    return this.#write(() => {
      this.#assertNameIsFree(name, null);
      const { id, position } = this.#nextClass();
      this.#history.perform(
        { kind: 'add-class', at, className: name, class: { id, position, nameBefore: null, nameAfter: name } },
        () => 0,
      );
      return { revision: this.#raiseRevision(), classId: id };
    });
  }

  renameClass(classId: ClassId, name: string, at: string): number {
    return this.#write(() => {
      const { name: nameBefore, order } = this.#existingClass(classId);
      if (nameBefore === name) return this.revision();
      this.#assertNameIsFree(name, classId);
      this.#history.perform(
        {
          kind: 'rename-class',
          at,
          className: name,
          class: { id: classId, position: order, nameBefore, nameAfter: name },
        },
        () => 0,
      );
      return this.#raiseRevision();
    });
  }

  /** Its images stay, without a label. */
  deleteClass(classId: ClassId, at: string): number {
    return this.#write(() => {
      const { name, order } = this.#existingClass(classId);
      const ids = JSON.stringify(
        this.#database.prepare<[ClassId], ImageId>('SELECT id FROM images WHERE class_id = ?').pluck().all(classId),
      );
      this.#history.perform(
        {
          kind: 'delete-class',
          at,
          className: name,
          class: { id: classId, position: order, nameBefore: name, nameAfter: null },
        },
        (edit) => this.#recordLabels.run(edit, null, ids, null).changes,
      );
      return this.#raiseRevision();
    });
  }

  /** Throws AppError 'conflict' when there is nothing to undo. */
  undo(): number {
    return this.#write(() => {
      if (!this.#history.undo()) throw new AppError('conflict', say('nothingToUndo'));
      return this.#raiseRevision();
    });
  }

  /** Throws AppError 'conflict' when there is nothing to redo. */
  redo(): number {
    return this.#write(() => {
      if (!this.#history.redo()) throw new AppError('conflict', say('nothingToRedo'));
      return this.#raiseRevision();
    });
  }

  /** All images that a share-out may place, and which held-out splits came in folders and are therefore left alone. */
  pool(): { readonly images: readonly PoolImage[]; readonly given: ReadonlySet<Split> } {
    const rows = this.#database
      .prepare<[], { id: ImageId; classId: ClassId | null; split: Split; isSharedOut: 0 | 1 }>(
        `SELECT id, class_id AS classId, split, is_shared_out AS isSharedOut FROM images
         WHERE given_split IS NULL OR given_split = 'training' ORDER BY number`,
      )
      .all();
    const given = this.#database
      .prepare<[], Split>('SELECT DISTINCT given_split FROM images WHERE given_split IS NOT NULL')
      .pluck()
      .all();
    return { images: rows.map((row) => ({ ...row, isSharedOut: row.isSharedOut === 1 })), given: new Set(given) };
  }

  hasWaitingImages(): boolean {
    return this.#database.prepare('SELECT 1 FROM images WHERE is_shared_out = 0 LIMIT 1').get() !== undefined;
  }

  /** Shares out anew, as an edit that can be undone. */
  shareOut(splits: ReadonlyMap<ImageId, Split>, ratios: SplitRatios, at: string): number {
    return this.#write(() => {
      const before = JSON.stringify(toRatios(this.#readState()));
      const record = this.#database.prepare<[number, Split, ImageId, Split]>(
        `INSERT INTO edit_images SELECT ?, number, class_id, class_id, split, ? FROM images WHERE id = ? AND split <> ?`,
      );
      this.#history.perform(
        { kind: 'share-out', at, className: null, ratios: { before, after: JSON.stringify(ratios) } },
        (edit) => {
          let changes = 0;
          for (const [id, split] of splits) changes += record.run(edit, split, id, split).changes;
          return changes;
        },
      );
      return this.#raiseRevision();
    });
  }

  /** Places the images that wait for it since their import; not an edit, because an import is none either. */
  placeWaiting(splits: ReadonlyMap<ImageId, Split>): number {
    return this.#write(() => {
      const place = this.#database.prepare<[Split, ImageId]>(
        'UPDATE images SET split = ? WHERE id = ? AND is_shared_out = 0',
      );
      for (const [id, split] of splits) place.run(split, id);
      this.#database.prepare('UPDATE images SET is_shared_out = 1 WHERE is_shared_out = 0').run();
      return this.#raiseRevision();
    });
  }

  ratios(): SplitRatios {
    return toRatios(this.#readState());
  }

  setRatios(ratios: SplitRatios): void {
    this.#write(() =>
      this.#database
        .prepare('UPDATE dataset SET validation_ratio = ?, test_ratio = ?, seed = ?')
        .run(ratios.validation, ratios.test, ratios.seed),
    );
  }

  /**
   * Takes images in whose files are safe on disk already. Images that the project has are left as they are. Those
   * without a validation or test folder go to training and wait for `placeWaiting`.
   */
  addImages(
    images: readonly NewImage[],
    at: string,
  ): { readonly added: readonly ImageId[]; readonly classesAdded: number; readonly revision: number } {
    return this.#write(() => {
      const nextBefore = this.#readState().next_class;
      const classIds = new Map(this.#classes.all().map((item) => [item.name, item.id]));
      const touched = new Set<ClassId>();
      const added: ImageId[] = [];
      const insert = this.#database.prepare<(string | number | null)[]>(
        `INSERT INTO images (${imageColumns}, given_split, is_shared_out, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING`,
      );
      for (const image of images) {
        if (this.hasImage(image.id)) continue;
        const classId = image.className === null ? null : this.#classFor(image.className, classIds);
        if (classId !== null) touched.add(classId);
        insert.run(...insertValues(image, classId), at);
        added.push(image.id);
      }
      if (added.length > 0) this.#history.settle(touched);
      const { revision, next_class: next } = this.#readState();
      return { added, classesAdded: next - nextBefore, revision: added.length > 0 ? this.#raiseRevision() : revision };
    });
  }

  #classFor(name: string, classIds: Map<string, ClassId>): ClassId {
    const existing = classIds.get(name);
    if (existing !== undefined) return existing;
    const { id, position } = this.#nextClass();
    this.#database.prepare('INSERT INTO classes (id, name, position) VALUES (?, ?, ?)').run(id, name, position);
    classIds.set(name, id);
    return id;
  }

  #nextClass(): { readonly id: ClassId; readonly position: number } {
    const row = this.#database
      .prepare<[], { id: ClassId; position: number }>(
        "UPDATE dataset SET next_class = next_class + 1 RETURNING 'class-' || next_class AS id, next_class - 1 AS position",
      )
      .get();
    if (!row) throw new Error('The dataset has no state');
    return row;
  }

  #existingClass(classId: ClassId): DatasetClass {
    const found = this.#class.get(classId);
    if (found) return found;
    throw new AppError('not-found', say('classGone'), {
      detail: { classId },
    });
  }

  #assertNameIsFree(name: string, except: ClassId | null): void {
    const taken = this.#classes.all().some((item) => item.name === name && item.id !== except);
    if (taken)
      throw new AppError('conflict', say('classNameTaken', { name }), {
        detail: { name },
      });
  }

  #readState(): DatasetRow {
    const row = this.#state.get();
    if (!row) throw new Error('The dataset has no state');
    return row;
  }

  #raiseRevision(): number {
    this.#database.prepare('UPDATE dataset SET revision = revision + 1').run();
    return this.revision();
  }

  #write<T>(change: () => T): T {
    try {
      return this.#database.transaction(change).immediate();
    } catch (error) {
      throw databaseError(error, this.#file);
    }
  }
}

function insertValues(image: NewImage, classId: ClassId | null): readonly (string | number | null)[] {
  const split = image.givenSplit ?? 'training';
  const format: ImageFormat = image.format;
  return [
    image.id,
    image.fileName,
    image.source,
    format,
    image.width,
    image.height,
    image.sizeBytes,
    classId,
    split,
    image.givenSplit,
    split === 'training' ? 0 : 1,
  ];
}
