import type { Statement } from 'better-sqlite3';
import type { EditBy } from '../../../src-shared/domain/dataset-edit.ts';
import type { ImageMark } from '../../../src-shared/domain/image-mark.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { ClassRows } from './class-rows.ts';
import type { DatasetAccess, EditResult } from './dataset-access.ts';
import type { ImageNumbers, NumberList } from './image-numbers.ts';

/** Labels and marks of images, as edits. */
export class LabelEdits {
  readonly #access: DatasetAccess;
  readonly #classes: ClassRows;
  readonly #images: ImageNumbers;
  readonly #recordLabel: Statement<[number, ClassId | null, NumberList, ClassId | null]>;
  readonly #recordMark: Statement<[number, ImageMark | null, NumberList, ImageMark | null]>;

  constructor(access: DatasetAccess, classes: ClassRows, images: ImageNumbers) {
    const { database } = access;
    this.#access = access;
    this.#classes = classes;
    this.#images = images;
    this.#recordLabel = database.prepare(
      `INSERT INTO edit_images (edit_id, image, class_before, class_after, split_before, split_after)
       SELECT ?, number, class_id, ?, split, split FROM images
       WHERE number IN (SELECT value FROM json_each(?)) AND class_id IS NOT ?`,
    );
    this.#recordMark = database.prepare(
      `INSERT INTO edit_marks (edit_id, image, mark_before, mark_after)
       SELECT ?, number, mark, ? FROM images LEFT JOIN image_marks ON image = number
       WHERE number IN (SELECT value FROM json_each(?)) AND mark IS NOT ?`,
    );
  }

  /**
   * A class also takes away the mark, because it is what the mark was waiting for; none leaves it. Throws AppError 'not-found' for an
   * unknown class or image; answers how many images changed.
   */
  setLabel(
    imageIds: readonly ImageId[],
    classId: ClassId | null,
    { at, by }: { readonly at: string; readonly by: EditBy },
  ): EditResult {
    const kind = classId === null ? 'clear-label' : 'set-label';
    return this.#access.edit(() => {
      const className = classId === null ? null : this.#classes.existing(classId).name;
      const images = this.#images.present(imageIds);
      return this.#access.history.perform({ kind, at, by, className }, (edit) => {
        this.#recordLabel.run(edit, classId, images, classId);
        if (classId !== null) this.#recordMark.run(edit, null, images, null);
      });
    });
  }

  /** Null takes the mark away. Throws AppError 'not-found' for an unknown image; answers how many images changed. */
  setMark(imageIds: readonly ImageId[], mark: ImageMark | null, at: string): EditResult {
    const kind = mark === null ? 'clear-mark' : 'set-mark';
    return this.#access.edit(() => {
      const images = this.#images.present(imageIds);
      return this.#access.history.perform({ kind, at, detail: mark }, (edit) => {
        this.#recordMark.run(edit, mark, images, mark);
      });
    });
  }
}
