import type { ClassId } from '../../../src-shared/domain/ids.ts';
import type { ClassRows } from './class-rows.ts';
import type { DatasetAccess } from './dataset-access.ts';

/** Classes come, are renamed and go, as edits. */
export class ClassEdits {
  readonly #access: DatasetAccess;
  readonly #classes: ClassRows;

  constructor(access: DatasetAccess, classes: ClassRows) {
    this.#access = access;
    this.#classes = classes;
  }

  /** Throws AppError 'conflict' when there is a class of this name. */
  add(name: string, at: string): { readonly revision: number; readonly classId: ClassId } {
    return this.#access.write(() => {
      this.#classes.assertNameIsFree(name, null);
      const { id, position } = this.#classes.next();
      this.#access.history.perform(
        { kind: 'add-class', at, className: name, class: { id, position, nameBefore: null, nameAfter: name } },
        () => 0,
      );
      return { revision: this.#access.raiseRevision(), classId: id };
    });
  }

  rename(classId: ClassId, name: string, at: string): number {
    return this.#access.write(() => {
      const { name: nameBefore, order } = this.#classes.existing(classId);
      if (nameBefore === name) return this.#access.revision();
      this.#classes.assertNameIsFree(name, classId);
      this.#access.history.perform(
        {
          kind: 'rename-class',
          at,
          className: name,
          class: { id: classId, position: order, nameBefore, nameAfter: name },
        },
        () => 0,
      );
      return this.#access.raiseRevision();
    });
  }

  /** Its images stay, without a label. */
  delete(classId: ClassId, at: string): number {
    return this.#access.write(() => {
      const { name, order } = this.#classes.existing(classId);
      const record = this.#access.database.prepare<[number, ClassId]>(
        'INSERT INTO edit_images SELECT ?, number, class_id, NULL, split, split FROM images WHERE class_id = ?',
      );
      this.#access.history.perform(
        {
          kind: 'delete-class',
          at,
          className: name,
          class: { id: classId, position: order, nameBefore: name, nameAfter: null },
        },
        (edit) => record.run(edit, classId).changes,
      );
      return this.#access.raiseRevision();
    });
  }
}
