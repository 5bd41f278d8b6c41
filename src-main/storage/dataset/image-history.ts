import type { Statement } from 'better-sqlite3';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { HistoryClass, HistoryEntry, ImageChange } from '../../../src-shared/domain/image-history.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { ClassRows } from './class-rows.ts';
import type { DatasetAccess, EditResult } from './dataset-access.ts';
import { parseLabels, type LabelList } from './label-sets.ts';
import {
  stateAfter,
  tellTags,
  type ChangeRow,
  type CurrentRow,
  type ImageState,
  type StateSource,
  type TagRow,
} from './image-states.ts';

/** What happened to each image, from the edits in effect, and how to bring an earlier state of it back. */
export class ImageHistory {
  readonly #access: DatasetAccess;
  readonly #classes: ClassRows;
  readonly #current: Statement<[ImageId], CurrentRow>;
  readonly #changes: Statement<{ image: number }, ChangeRow>;
  readonly #tagChanges: Statement<[number], TagRow>;
  readonly #tags: Statement<[number], string>;
  readonly #lastName: Statement<[ClassId], string>;

  constructor(access: DatasetAccess, classes: ClassRows) {
    const { database } = access;
    this.#access = access;
    this.#classes = classes;
    this.#current = database.prepare(
      `SELECT number, class_id AS classId, labels, split, mark, trashed_images.at AS trashedAt, added_at AS addedAt FROM images
       LEFT JOIN image_marks ON image_marks.image = number LEFT JOIN trashed_images ON trashed_images.image = number
       WHERE id = ?`,
    );
    this.#changes = database.prepare(
      `WITH touching AS (
         SELECT edit_id FROM edit_images WHERE image = @image UNION SELECT edit_id FROM edit_labels WHERE image = @image
         UNION SELECT edit_id FROM edit_marks WHERE image = @image
         UNION SELECT edit_id FROM edit_tags WHERE image = @image UNION SELECT edit_id FROM edit_trash WHERE image = @image)
       SELECT edits.id AS edit, kind, by, at,
         i.image IS NOT NULL AS hasImage, class_before AS classBefore, class_after AS classAfter,
         split_before AS splitBefore, split_after AS splitAfter,
         l.image IS NOT NULL AS hasLabels, labels_before AS labelsBefore, labels_after AS labelsAfter,
         m.image IS NOT NULL AS hasMark, mark_before AS markBefore, mark_after AS markAfter,
         t.image IS NOT NULL AS hasTrash, at_before AS trashedBefore, at_after AS trashedAfter
       FROM touching JOIN edits ON edits.id = touching.edit_id
         LEFT JOIN edit_images i ON i.edit_id = edits.id AND i.image = @image
         LEFT JOIN edit_labels l ON l.edit_id = edits.id AND l.image = @image
         LEFT JOIN edit_marks m ON m.edit_id = edits.id AND m.image = @image
         LEFT JOIN edit_trash t ON t.edit_id = edits.id AND t.image = @image
       WHERE is_undone = 0 ORDER BY edits.id DESC`,
    );
    this.#tagChanges = database.prepare(
      `SELECT edit_id AS edit, tag, is_on_after AS isOn FROM edit_tags JOIN edits ON edits.id = edit_id
       WHERE image = ? AND is_undone = 0 ORDER BY edit_id DESC, tag`,
    );
    this.#tags = database.prepare<[number], string>('SELECT tag FROM image_tags WHERE image = ?').pluck();
    this.#lastName = database
      .prepare<[ClassId], string>(
        `SELECT coalesce(state_after, state_before) ->> '$.name' FROM edit_classes WHERE class_id = ? ORDER BY edit_id DESC LIMIT 1`,
      )
      .pluck();
  }

  /** Latest first; throws AppError 'not-found' for an unknown image. */
  list(imageId: ImageId): readonly HistoryEntry[] {
    const { current, changes, tagChanges } = this.#read(imageId);
    const latest = changes[0]?.edit ?? null;
    const canRestore = (edit: number | null): boolean =>
      edit !== latest && this.#missing(stateAfter(edit, { current, changes, tagChanges })) === null;
    const entries = changes.map((change): HistoryEntry => ({
      edit: change.edit,
      kind: change.kind,
      by: change.by,
      at: change.at,
      changes: [...this.#tell(change), ...tellTags(tagChanges, change.edit)],
      canRestore: canRestore(change.edit),
    }));
    const first = stateAfter(null, { current, changes, tagChanges });
    const came: HistoryEntry = {
      edit: null,
      kind: 'import',
      by: 'import',
      at: current.addedAt,
      changes: [
        first.labels === null
          ? { what: 'class', from: null, to: this.#classOf(first.classId) }
          : { what: 'labels', from: null, to: this.#classesOf(first.labels) },
        { what: 'split', from: null, to: first.split },
      ],
      canRestore: canRestore(null),
    };
    return [...entries, came];
  }

  /**
   * Brings back how an image was after an edit, or after its import (null), as a new edit.
   *
   * Throws AppError 'not-found' for an unknown image or an edit that did not touch it, and 'conflict' when the class is gone.
   */
  restore(imageId: ImageId, edit: number | null, at: string): EditResult {
    return this.#access.edit(() => {
      const { current, changes, tagChanges } = this.#read(imageId);
      if (edit !== null && !changes.some((change) => change.edit === edit)) {
        throw new AppError('not-found', say('stateGone'));
      }
      const wanted = stateAfter(edit, { current, changes, tagChanges });
      const missing = this.#missing(wanted);
      if (missing !== null) throw new AppError('conflict', say('classOfStateGone', { name: missing.name }));
      const className = this.#classOf(wanted.classId)?.name ?? null;
      return this.#access.history.perform({ kind: 'restore-state', at, className }, (id) =>
        this.#record(id, current, wanted),
      );
    });
  }

  #read(imageId: ImageId): StateSource {
    const row = this.#current.get(imageId);
    if (!row) throw new AppError('not-found', say('imageGone'));
    return {
      current: { ...row, tags: new Set(this.#tags.all(row.number)) },
      changes: this.#changes.all({ image: row.number }),
      tagChanges: this.#tagChanges.all(row.number),
    };
  }

  #record(edit: number, current: StateSource['current'], wanted: ImageState): void {
    const { database } = this.#access;
    const image = current.number;
    if (current.classId !== wanted.classId || current.split !== wanted.split) {
      database
        .prepare(
          `INSERT INTO edit_images (edit_id, image, class_before, class_after, split_before, split_after) VALUES (?, ?, ?, ?, ?, ?)`,
        )
        .run(edit, image, current.classId, wanted.classId, current.split, wanted.split);
    }
    if (current.labels !== wanted.labels) {
      database
        .prepare('INSERT INTO edit_labels (edit_id, image, labels_before, labels_after) VALUES (?, ?, ?, ?)')
        .run(edit, image, current.labels, wanted.labels);
    }
    if (current.mark !== wanted.mark) {
      database
        .prepare('INSERT INTO edit_marks (edit_id, image, mark_before, mark_after) VALUES (?, ?, ?, ?)')
        .run(edit, image, current.mark, wanted.mark);
    }
    if (current.trashedAt !== wanted.trashedAt) {
      database
        .prepare('INSERT INTO edit_trash (edit_id, image, at_before, at_after) VALUES (?, ?, ?, ?)')
        .run(edit, image, current.trashedAt, wanted.trashedAt);
    }
    const recordTag = database.prepare(
      'INSERT INTO edit_tags (edit_id, image, tag, is_on_before, is_on_after) VALUES (?, ?, ?, ?, ?)',
    );
    for (const tag of new Set([...current.tags, ...wanted.tags])) {
      const [isOn, willBe] = [current.tags.has(tag), wanted.tags.has(tag)];
      if (isOn !== willBe) recordTag.run(edit, image, tag, isOn ? 1 : 0, willBe ? 1 : 0);
    }
  }

  #tell(row: ChangeRow): readonly ImageChange[] {
    const changes: ImageChange[] = [];
    if (row.classBefore !== row.classAfter) {
      changes.push({ what: 'class', from: this.#classOf(row.classBefore), to: this.#classOf(row.classAfter) });
    }
    if (row.splitAfter !== null && row.splitBefore !== row.splitAfter) {
      changes.push({ what: 'split', from: row.splitBefore, to: row.splitAfter });
    }
    if (row.hasLabels === 1) {
      changes.push({ what: 'labels', from: this.#classesOf(row.labelsBefore), to: this.#classesOf(row.labelsAfter) });
    }
    if (row.hasMark === 1) changes.push({ what: 'mark', from: row.markBefore, to: row.markAfter });
    if (row.hasTrash === 1) changes.push({ what: 'trash', isIn: row.trashedAfter !== null });
    return changes;
  }

  /** A class of the state that is not there any more. */
  #missing({ classId, labels }: ImageState): HistoryClass | null {
    const classes = [this.#classOf(classId), ...(this.#classesOf(labels) ?? [])];
    return classes.find((one) => one?.isThere === false) ?? null;
  }

  #classesOf(labels: LabelList | null): readonly HistoryClass[] | null {
    return labels === null ? null : parseLabels(labels).flatMap((classId) => this.#classOf(classId) ?? []);
  }

  #classOf(classId: ClassId | null): HistoryClass | null {
    if (classId === null) return null;
    const now = this.#classes.find(classId);
    return { id: classId, name: now?.name ?? this.#lastName.get(classId) ?? classId, isThere: now !== undefined };
  }
}
