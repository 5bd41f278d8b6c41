import type { Database, Statement } from 'better-sqlite3';
import type { DatasetEdit } from '../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../src-shared/domain/ids.ts';
import { toEdit, type EditRow } from './dataset-rows.ts';

/** Edits older than this many can no longer be undone. */
const keptEdits = 1000;

/** What a new edit changes besides images: a class comes (no name before), goes (no name after) or is renamed. */
export interface EditDraft {
  readonly kind: DatasetEdit['kind'];
  readonly at: string;
  readonly className: string | null;
  readonly class?: {
    readonly id: ClassId;
    readonly position: number;
    readonly nameBefore: string | null;
    readonly nameAfter: string | null;
  };
  /** As JSON of SplitRatios. */
  readonly ratios?: { readonly before: string; readonly after: string };
}

type Side = 'before' | 'after';

/**
 * The changes of a dataset that can be undone and redone, also after a restart. An edit is kept as the state of what
 * it touches before and after it, so doing, undoing and redoing are one thing: putting one of the two sides in place.
 *
 * Every method must run inside a transaction of the caller.
 */
export class EditHistory {
  readonly #database: Database;
  readonly #lastDone: Statement<[], EditRow>;
  readonly #firstUndone: Statement<[], EditRow>;
  readonly #place: Readonly<Record<Side, Statement<[number]>>>;

  constructor(database: Database) {
    this.#database = database;
    this.#lastDone = database.prepare('SELECT * FROM edits WHERE is_undone = 0 ORDER BY id DESC LIMIT 1');
    this.#firstUndone = database.prepare('SELECT * FROM edits WHERE is_undone = 1 ORDER BY id LIMIT 1');
    const place = (side: Side): Statement<[number]> =>
      database.prepare(
        `UPDATE images SET class_id = change.class_${side}, split = change.split_${side}
         FROM edit_images AS change WHERE change.edit_id = ? AND images.number = change.image`,
      );
    this.#place = { before: place('before'), after: place('after') };
  }

  /** What undo and redo would do next. */
  next(): { readonly undo: DatasetEdit | null; readonly redo: DatasetEdit | null } {
    const [undo, redo] = [this.#lastDone.get(), this.#firstUndone.get()];
    return { undo: undo ? toEdit(undo) : null, redo: redo ? toEdit(redo) : null };
  }

  /**
   * Keeps an edit and does it. `recordImages` inserts the rows of edit_images for the edit's number and answers how many
   * there are; an edit without images, class or ratios is not kept. Answers the number of images.
   */
  perform(draft: EditDraft, recordImages: (editId: number) => number): number {
    const id = this.#insert(draft);
    const imageCount = recordImages(id);
    if (imageCount === 0 && !draft.class && !draft.ratios) {
      this.#database.prepare('DELETE FROM edits WHERE id = ?').run(id);
      return 0;
    }
    this.#database.prepare('DELETE FROM edits WHERE is_undone = 1').run();
    this.#database.prepare('UPDATE edits SET image_count = ? WHERE id = ?').run(imageCount, id);
    this.#database.prepare('DELETE FROM edits WHERE id <= ?').run(id - keptEdits);
    this.#put(this.#row(id), 'after');
    return imageCount;
  }

  /** False when there is nothing to undo. */
  undo(): boolean {
    const edit = this.#lastDone.get();
    if (!edit) return false;
    this.#put(edit, 'before');
    this.#database.prepare('UPDATE edits SET is_undone = 1 WHERE id = ?').run(edit.id);
    return true;
  }

  /** False when there is nothing to redo. */
  redo(): boolean {
    const edit = this.#firstUndone.get();
    if (!edit) return false;
    this.#put(edit, 'after');
    this.#database.prepare('UPDATE edits SET is_undone = 0 WHERE id = ?').run(edit.id);
    return true;
  }

  /**
   * After images came in from outside: what was undone stays undone, and the coming of classes that got images is no
   * longer an edit, because undoing it would take the labels of those images away.
   */
  settle(classIds: ReadonlySet<ClassId>): void {
    this.#database.prepare('DELETE FROM edits WHERE is_undone = 1').run();
    const forget = this.#database.prepare("DELETE FROM edits WHERE kind = 'add-class' AND class_id = ?");
    for (const classId of classIds) forget.run(classId);
  }

  #insert(draft: EditDraft): number {
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO edits (kind, at, is_undone, image_count, class_name, class_id, class_position, name_before, name_after,
           ratios_before, ratios_after) VALUES (?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        draft.kind,
        draft.at,
        draft.className,
        draft.class?.id ?? null,
        draft.class?.position ?? null,
        draft.class?.nameBefore ?? null,
        draft.class?.nameAfter ?? null,
        draft.ratios?.before ?? null,
        draft.ratios?.after ?? null,
      );
    return Number(lastInsertRowid);
  }

  #row(id: number): EditRow {
    const row = this.#database.prepare<[number], EditRow>('SELECT * FROM edits WHERE id = ?').get(id);
    if (!row) throw new Error(`Edit ${id} is not there`);
    return row;
  }

  /** A class must be there before images refer to it and may go only after none does. */
  #put(edit: EditRow, side: Side): void {
    const name = side === 'before' ? edit.name_before : edit.name_after;
    if (name !== null) this.#putClass(edit, name);
    this.#place[side].run(edit.id);
    if (edit.class_id !== null && name === null) this.#takeClass(edit.id, edit.class_id, side);
    const ratios = side === 'before' ? edit.ratios_before : edit.ratios_after;
    if (ratios !== null) {
      this.#database
        .prepare(
          "UPDATE dataset SET validation_ratio = ? ->> '$.validation', test_ratio = ? ->> '$.test', seed = ? ->> '$.seed'",
        )
        .run(ratios, ratios, ratios);
    }
  }

  #putClass(edit: EditRow, name: string): void {
    this.#database
      .prepare(
        'INSERT INTO classes (id, name, position) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name',
      )
      .run(edit.class_id, this.#freeName(name, edit.class_id), edit.class_position);
  }

  /** An import may have made a class of this name meanwhile: then the one that comes back is told apart by a number. */
  #freeName(name: string, classId: ClassId | null): string {
    const isTaken = this.#database
      .prepare<[string, ClassId | null], number>('SELECT 1 FROM classes WHERE name = ? AND id IS NOT ?')
      .pluck();
    let free = name;
    for (let number = 2; isTaken.get(free, classId) !== undefined; number += 1) free = `${name} (${number})`;
    return free;
  }

  /** Images that got the class in other ways than by this edit lose it too; they are noted, so that it comes back to them. */
  #takeClass(editId: number, classId: ClassId, side: Side): void {
    const [had, has] = side === 'after' ? ['before', 'after'] : ['after', 'before'];
    this.#database
      .prepare(
        `INSERT INTO edit_images (edit_id, image, class_${had}, class_${has}, split_before, split_after)
         SELECT ?, number, class_id, NULL, split, split FROM images WHERE class_id = ?
         ON CONFLICT (edit_id, image) DO UPDATE SET class_${had} = excluded.class_${had}, class_${has} = NULL`,
      )
      .run(editId, classId);
    this.#database.prepare('UPDATE images SET class_id = NULL WHERE class_id = ?').run(classId);
    this.#database.prepare('DELETE FROM classes WHERE id = ?').run(classId);
  }
}
