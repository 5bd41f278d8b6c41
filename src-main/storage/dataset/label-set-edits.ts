import type { Statement } from 'better-sqlite3';
import type { EditKind } from '../../../src-shared/domain/dataset-edit.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { ClassRows } from './class-rows.ts';
import type { DatasetAccess, EditResult } from './dataset-access.ts';
import type { ImageNumbers, NumberList } from './image-numbers.ts';
import { labelsHold, labelsWith, labelsWithout, toLabels, type LabelList } from './label-sets.ts';

/** The classes of images in multi-label projects, as edits. */
export class LabelSetEdits {
  readonly #access: DatasetAccess;
  readonly #classes: ClassRows;
  readonly #images: ImageNumbers;
  readonly #put: Statement<[number, ClassId, NumberList, ClassId]>;
  readonly #take: Statement<[number, ClassId, NumberList, ClassId]>;
  readonly #set: Statement<[number, LabelList | null, NumberList, LabelList | null]>;
  readonly #unmark: Statement<[number, NumberList]>;

  constructor(access: DatasetAccess, classes: ClassRows, images: ImageNumbers) {
    const { database } = access;
    this.#access = access;
    this.#classes = classes;
    this.#images = images;
    const record = (after: string, where: string): string =>
      `INSERT INTO edit_labels (edit_id, image, labels_before, labels_after)
       SELECT ?, number, labels, ${after} FROM images WHERE number IN (SELECT value FROM json_each(?)) AND ${where}`;
    this.#put = database.prepare(record(labelsWith(`coalesce(labels, '[]')`), `NOT ${labelsHold('labels')}`));
    this.#take = database.prepare(record(labelsWithout('labels'), labelsHold('labels')));
    this.#set = database.prepare(record('?', 'labels IS NOT ?'));
    this.#unmark = database.prepare(
      `INSERT INTO edit_marks (edit_id, image, mark_before, mark_after)
       SELECT ?, image, mark, NULL FROM image_marks WHERE image IN (SELECT value FROM json_each(?))`,
    );
  }

  /**
   * Puts a class on images, which takes their mark away, or takes it off. An image that loses its last class is not labelled any more.
   * Throws AppError 'not-found' for an unknown class or image; answers how many images changed.
   */
  putClass(imageIds: readonly ImageId[], classId: ClassId, isOn: boolean, at: string): EditResult {
    return this.#access.edit(() => {
      const className = this.#classes.existing(classId).name;
      const images = this.#images.present(imageIds);
      return this.#access.history.perform({ kind: isOn ? 'put-class' : 'take-class', at, className }, (edit) => {
        (isOn ? this.#put : this.#take).run(edit, classId, images, classId);
        if (isOn) this.#unmark.run(edit, images);
      });
    });
  }

  /**
   * Gives images exactly these classes, perhaps none of them; null: they are not labelled. Labels take the mark away. Throws AppError
   * 'not-found' for an unknown class or image; answers how many images changed.
   */
  setLabels(imageIds: readonly ImageId[], classIds: readonly ClassId[] | null, at: string): EditResult {
    return this.#access.edit(() => {
      const names = classIds?.map((classId) => this.#classes.existing(classId).name);
      const images = this.#images.present(imageIds);
      const labels = classIds && toLabels(classIds);
      const kind: EditKind = labels === null ? 'clear-label' : 'set-labels';
      return this.#access.history.perform({ kind, at, detail: names?.join(', ') ?? null }, (edit) => {
        this.#set.run(edit, labels, images, labels);
        if (labels !== null) this.#unmark.run(edit, images);
      });
    });
  }
}
