import type { Statement } from 'better-sqlite3';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { ClassRows } from './class-rows.ts';
import type { DatasetAccess } from './dataset-access.ts';

/** Labels of images, as edits. */
export class LabelEdits {
  readonly #access: DatasetAccess;
  readonly #classes: ClassRows;
  readonly #record: Statement<[number, ClassId | null, string, ClassId | null]>;
  readonly #countImages: Statement<[string], number>;

  constructor(access: DatasetAccess, classes: ClassRows) {
    const { database } = access;
    this.#access = access;
    this.#classes = classes;
    this.#record = database.prepare(
      `INSERT INTO edit_images SELECT ?, number, class_id, ?, split, split FROM images
       WHERE id IN (SELECT value FROM json_each(?)) AND class_id IS NOT ?`,
    );
    this.#countImages = database
      .prepare<[string], number>('SELECT count(*) FROM images WHERE id IN (SELECT value FROM json_each(?))')
      .pluck();
  }

  /** Throws AppError 'not-found' for an unknown class or image; answers how many images changed. */
  set(
    imageIds: readonly ImageId[],
    classId: ClassId | null,
    at: string,
  ): { readonly revision: number; readonly changed: number } {
    return this.#access.write(() => {
      const className = classId === null ? null : this.#classes.existing(classId).name;
      const ids = JSON.stringify(imageIds);
      if (this.#countImages.get(ids) !== new Set(imageIds).size) {
        throw new AppError('not-found', say('imagesGone'));
      }
      const changed = this.#access.history.perform(
        { kind: classId === null ? 'clear-label' : 'set-label', at, className },
        (edit) => this.#record.run(edit, classId, ids, classId).changes,
      );
      return { revision: changed === 0 ? this.#access.revision() : this.#access.raiseRevision(), changed };
    });
  }
}
