import type { Database, Statement } from 'better-sqlite3';
import type { DatasetEdit, EditBy, EditKind } from '../../../src-shared/domain/dataset-edit.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { toEdit, type EditRow } from '../dataset-rows.ts';
import type { ClassState } from './class-state.ts';
import { EditSides } from './edit-sides.ts';

/** What an edit is, besides what it changes. */
export interface EditDraft {
  readonly kind: EditKind;
  readonly at: string;
  readonly by?: EditBy;
  /** For people: the class that it is about, as it is called now. */
  readonly className?: string | null;
  /** For people: see `DatasetEdit`. */
  readonly detail?: string | null;
  /** As JSON of SplitRatios. */
  readonly ratios?: { readonly before: string; readonly after: string };
}

/**
 * The changes of a dataset that can be undone and redone, also after a restart. An edit is kept as the state of what
 * it touches before and after it, so doing, undoing and redoing are one thing: putting one of the two sides in place.
 * What is in effect stays for good: it is the history of each image.
 *
 * Every method must run inside a transaction of the caller.
 */
export class EditHistory {
  readonly #database: Database;
  readonly #sides: EditSides;
  readonly #lastDone: Statement<[], EditRow>;
  readonly #firstUndone: Statement<[], EditRow>;
  readonly #insert: Statement<(string | number | null)[]>;
  readonly #dropUndone: Statement<[]>;
  readonly #setUndone: Statement<[0 | 1, number]>;

  constructor(database: Database) {
    this.#database = database;
    this.#sides = new EditSides(database);
    this.#lastDone = database.prepare('SELECT * FROM edits WHERE is_undone = 0 ORDER BY id DESC LIMIT 1');
    this.#firstUndone = database.prepare('SELECT * FROM edits WHERE is_undone = 1 ORDER BY id LIMIT 1');
    this.#insert = database.prepare(
      `INSERT INTO edits (kind, at, by, is_undone, image_count, class_name, detail, ratios_before, ratios_after)
       VALUES (?, ?, ?, 0, 0, ?, ?, ?, ?)`,
    );
    this.#dropUndone = database.prepare('DELETE FROM edits WHERE is_undone = 1');
    this.#setUndone = database.prepare('UPDATE edits SET is_undone = ? WHERE id = ?');
  }

  /** What undo and redo would do next. */
  next(): { readonly undo: DatasetEdit | null; readonly redo: DatasetEdit | null } {
    const [undo, redo] = [this.#lastDone.get(), this.#firstUndone.get()];
    return { undo: undo ? toEdit(undo) : null, redo: redo ? toEdit(redo) : null };
  }

  /**
   * Keeps an edit and does it. `record` inserts the rows of its sides (`edit_images` and the like, `recordClass`) under the edit's
   * number; an edit without any, and without ratios, is not kept. Answers how many images it touches, null when it is not kept.
   */
  perform(draft: EditDraft, record: (editId: number) => void): number | null {
    const { kind, at, by = 'person', className = null, detail = null, ratios } = draft;
    const { lastInsertRowid } = this.#insert.run(
      ...[kind, at, by, className, detail, ratios?.before ?? null, ratios?.after ?? null],
    );
    const id = Number(lastInsertRowid);
    record(id);
    const imageCount = this.#sides.countImages(id);
    if (imageCount === 0 && !ratios && !this.#sides.hasClasses(id)) {
      this.#database.prepare('DELETE FROM edits WHERE id = ?').run(id);
      return null;
    }
    this.#dropUndone.run();
    this.#database.prepare('UPDATE edits SET image_count = ? WHERE id = ?').run(imageCount, id);
    this.#sides.put(this.#row(id), 'after');
    return imageCount;
  }

  /** Notes a class as it is before and after an edit; null: not there. */
  recordClass(
    editId: number,
    classId: ClassId,
    states: { readonly before: ClassState | null; readonly after: ClassState | null },
  ): void {
    this.#sides.recordClass(editId, classId, states);
  }

  /** False when there is nothing to undo. */
  undo(): boolean {
    const edit = this.#lastDone.get();
    if (!edit) return false;
    this.#sides.put(edit, 'before');
    this.#setUndone.run(1, edit.id);
    return true;
  }

  /** False when there is nothing to redo. */
  redo(): boolean {
    const edit = this.#firstUndone.get();
    if (!edit) return false;
    this.#sides.put(edit, 'after');
    this.#setUndone.run(0, edit.id);
    return true;
  }

  /**
   * After images came in from outside: what was undone stays undone, and the coming of classes that got images is no
   * longer an edit, because undoing it would take the labels of those images away.
   */
  settle(classIds: ReadonlySet<ClassId>): void {
    this.#dropUndone.run();
    const forget = this.#database.prepare(
      `DELETE FROM edits WHERE kind = 'add-class' AND id IN (SELECT edit_id FROM edit_classes WHERE class_id = ?)`,
    );
    for (const classId of classIds) forget.run(classId);
  }

  /** Takes images out of every edit before they go for good; an edit that is left without anything goes too. */
  forgetImages(numbers: readonly number[]): void {
    this.#sides.forgetImages(JSON.stringify(numbers));
  }

  #row(id: number): EditRow {
    const row = this.#database.prepare<[number], EditRow>('SELECT * FROM edits WHERE id = ?').get(id);
    if (!row) throw new Error(`Edit ${id} is not there`);
    return row;
  }
}
