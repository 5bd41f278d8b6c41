import type { Database, Statement } from 'better-sqlite3';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import type { EditRow } from '../dataset-rows.ts';
import { labelsHold, labelsWithout } from './label-sets.ts';
import { parseClassState, type ClassState } from './class-state.ts';

export type Side = 'before' | 'after';

/** The tables that hold what an edit changes on images. */
const imageTables = ['edit_images', 'edit_labels', 'edit_marks', 'edit_tags', 'edit_trash'] as const;
const everyImage = (condition: string): string =>
  imageTables.map((table) => `SELECT edit_id, image FROM ${table} WHERE ${condition}`).join(' UNION ');

interface EditClassRow {
  readonly class_id: ClassId;
  /** As JSON of ClassState; null: not there. */
  readonly state: string | null;
}

/** Puts the state before or after an edit in place: classes, labels, splits, marks, tags, the trash and the ratios. */
export class EditSides {
  readonly #database: Database;
  readonly #place: Readonly<Record<Side, readonly Statement<[number]>[]>>;
  readonly #classes: Readonly<Record<Side, Statement<[number], EditClassRow>>>;
  readonly #count: Statement<number[], number>;
  readonly #hasClasses: Statement<[number]>;

  constructor(database: Database) {
    this.#database = database;
    const place = (side: Side): readonly Statement<[number]>[] => placing(side).map((sql) => database.prepare(sql));
    this.#place = { before: place('before'), after: place('after') };
    const classes = (side: Side): Statement<[number], EditClassRow> =>
      database.prepare(`SELECT class_id, state_${side} AS state FROM edit_classes WHERE edit_id = ? ORDER BY class_id`);
    this.#classes = { before: classes('before'), after: classes('after') };
    this.#count = database.prepare<number[], number>(`SELECT count(*) FROM (${everyImage('edit_id = ?')})`).pluck();
    this.#hasClasses = database.prepare('SELECT 1 FROM edit_classes WHERE edit_id = ?');
  }

  countImages(editId: number): number {
    return this.#count.get(...imageTables.map(() => editId)) ?? 0;
  }

  hasClasses(editId: number): boolean {
    return this.#hasClasses.get(editId) !== undefined;
  }

  recordClass(
    editId: number,
    classId: ClassId,
    { before, after }: { readonly before: ClassState | null; readonly after: ClassState | null },
  ): void {
    this.#database
      .prepare('INSERT INTO edit_classes (edit_id, class_id, state_before, state_after) VALUES (?, ?, ?, ?)')
      .run(editId, classId, before && JSON.stringify(before), after && JSON.stringify(after));
  }

  /** A class must be there before images refer to it and may go only after none does. */
  put(edit: EditRow, side: Side): void {
    const classes = this.#classes[side].all(edit.id);
    for (const { class_id: id, state } of classes) if (state !== null) this.#putClass(id, parseClassState(state));
    for (const statement of this.#place[side]) statement.run(edit.id);
    for (const { class_id: id, state } of classes) if (state === null) this.#takeClass(edit.id, id, side);
    const ratios = side === 'before' ? edit.ratios_before : edit.ratios_after;
    if (ratios !== null) {
      this.#database
        .prepare(
          "UPDATE dataset SET validation_ratio = ? ->> '$.validation', test_ratio = ? ->> '$.test', seed = ? ->> '$.seed'",
        )
        .run(ratios, ratios, ratios);
    }
  }

  /** `numbers` is a JSON list. */
  forgetImages(numbers: string): void {
    const listed = 'image IN (SELECT value FROM json_each(?))';
    const edits = this.#database
      .prepare<string[], number>(`SELECT DISTINCT edit_id FROM (${everyImage(listed)})`)
      .pluck()
      .all(...imageTables.map(() => numbers));
    for (const table of imageTables) this.#database.prepare(`DELETE FROM ${table} WHERE ${listed}`).run(numbers);
    const recount = this.#database.prepare<[number, number]>('UPDATE edits SET image_count = ? WHERE id = ?');
    const drop = this.#database.prepare<[number]>(
      `DELETE FROM edits WHERE id = ? AND image_count = 0 AND ratios_before IS NULL
         AND NOT EXISTS (SELECT 1 FROM edit_classes WHERE edit_id = edits.id)`,
    );
    for (const id of edits) {
      recount.run(this.countImages(id), id);
      drop.run(id);
    }
  }

  #putClass(id: ClassId, { name, position, number, description, color, key }: ClassState): void {
    this.#database
      .prepare(
        `INSERT INTO classes (id, name, position, number, description, color, key) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, position = excluded.position, description = excluded.description,
           color = excluded.color, key = excluded.key`,
      )
      .run(id, this.#freeName(name, id), position, number, description, color, key);
  }

  /** An import may have made a class of this name meanwhile: then the one that comes back is told apart by a number. */
  #freeName(name: string, classId: ClassId): string {
    const isTaken = this.#database
      .prepare<[string, ClassId], number>('SELECT 1 FROM classes WHERE name = ? AND id IS NOT ?')
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
    this.#database
      .prepare(
        `INSERT INTO edit_labels (edit_id, image, labels_${had}, labels_${has})
         SELECT ?, number, labels, ${labelsWithout('labels')} FROM images WHERE ${labelsHold('labels')}
         ON CONFLICT (edit_id, image) DO UPDATE SET labels_${had} = excluded.labels_${had}, labels_${has} = excluded.labels_${has}`,
      )
      .run(editId, classId, classId);
    this.#database
      .prepare(`UPDATE images SET labels = ${labelsWithout('labels')} WHERE ${labelsHold('labels')}`)
      .run(classId, classId);
    this.#database.prepare('DELETE FROM classes WHERE id = ?').run(classId);
  }
}

/** What puts the rows of one edit in place, in this order; each takes the edit's number. */
function placing(side: Side): readonly string[] {
  return [
    `UPDATE images SET class_id = change.class_${side}, split = change.split_${side}
     FROM edit_images AS change WHERE change.edit_id = ? AND images.number = change.image`,
    `UPDATE images SET labels = change.labels_${side}
     FROM edit_labels AS change WHERE change.edit_id = ? AND images.number = change.image`,
    `DELETE FROM image_marks WHERE image IN (SELECT image FROM edit_marks WHERE edit_id = ?)`,
    `INSERT INTO image_marks SELECT image, mark_${side} FROM edit_marks WHERE edit_id = ? AND mark_${side} IS NOT NULL`,
    `DELETE FROM image_tags WHERE (image, tag) IN (SELECT image, tag FROM edit_tags WHERE edit_id = ?)`,
    `INSERT INTO image_tags SELECT image, tag FROM edit_tags WHERE edit_id = ? AND is_on_${side} = 1`,
    `DELETE FROM trashed_images WHERE image IN (SELECT image FROM edit_trash WHERE edit_id = ?)`,
    `INSERT INTO trashed_images SELECT image, at_${side} FROM edit_trash WHERE edit_id = ? AND at_${side} IS NOT NULL`,
  ];
}
