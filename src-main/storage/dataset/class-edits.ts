import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ClassChange } from '../../../src-shared/domain/class-details.ts';
import type { EditKind } from '../../../src-shared/domain/dataset-edit.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { ClassRows } from './class-rows.ts';
import { newClassState, stateOf, type ClassRow, type ClassState } from './class-state.ts';
import type { DatasetAccess } from './dataset-access.ts';
import { labelsHold, labelsWith, labelsWithout } from './label-sets.ts';

/** Classes come, change, are put in order, become one and go, as edits. */
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
      const { id, number } = this.#classes.next();
      const { history } = this.#access;
      history.perform({ kind: 'add-class', at, className: name }, (edit) =>
        history.recordClass(edit, id, { before: null, after: newClassState(name, number) }),
      );
      return { revision: this.#access.raiseRevision(), classId: id };
    });
  }

  /** Answers the revision. Throws AppError 'conflict' when another class has the name. */
  change(classId: ClassId, change: ClassChange, at: string): number {
    return this.#access.edit(() => {
      const before = this.#classes.existing(classId);
      const { name = before.name, description = before.description, color = before.color, key = before.key } = change;
      if (name !== before.name) this.#classes.assertNameIsFree(name, classId);
      const after = { ...before, name, description, color, key };
      // A key belongs to one class: who had it gives it up in the same edit.
      const others = this.#classes.all().filter((other) => key !== null && other.key === key && other.id !== classId);
      const changed = [after, ...others.map((other) => ({ ...other, key: null }))];
      return this.#put(name === before.name ? 'change-class' : 'rename-class', { at, className: name }, changed);
    }).revision;
  }

  /** Throws AppError 'conflict' when these are not all classes, each once. */
  order(classIds: readonly ClassId[], at: string): number {
    return this.#access.edit(() => {
      const all = this.#classes.all();
      if (classIds.length !== all.length || new Set(classIds).size !== all.length) {
        throw new AppError('conflict', say('classesChanged'));
      }
      const byId = new Map<string, ClassRow>(all.map((one) => [one.id, one]));
      // The places that there are, dealt anew: an order that is there already changes nothing.
      const moved = all.map(({ position }, index) => {
        const one = byId.get(classIds[index] ?? '');
        if (!one) throw new AppError('conflict', say('classesChanged'));
        return { ...one, position };
      });
      return this.#put('order-classes', { at, className: null }, moved);
    }).revision;
  }

  /**
   * Takes a class away; its images go to another class, or stay without a label. Those in the trash too. Throws AppError 'not-found'
   * for an unknown class and 'conflict' for a class that should go into itself.
   */
  remove(
    classId: ClassId,
    {
      kind,
      to,
      at,
    }: { readonly kind: 'merge-class' | 'delete-class'; readonly to: ClassId | null; readonly at: string },
  ): number {
    return this.#access.edit(() => {
      const before = this.#classes.existing(classId);
      const target = to === null ? null : this.#classes.existing(to);
      if (to === classId) throw new AppError('conflict', say('classIntoItself', { name: before.name }));
      const { history, database } = this.#access;
      return history.perform({ kind, at, className: before.name, detail: target?.name ?? null }, (edit) => {
        history.recordClass(edit, classId, { before: stateOf(before), after: null });
        database
          .prepare<[number, ClassId | null, ClassId]>(
            `INSERT INTO edit_images (edit_id, image, class_before, class_after, split_before, split_after)
             SELECT ?, number, class_id, ?, split, split FROM images WHERE class_id = ?`,
          )
          .run(edit, to, classId);
        const left = labelsWithout('labels');
        const after = to === null ? left : labelsWith(`coalesce(${left}, '[]')`);
        database
          .prepare<(number | ClassId)[]>(
            `INSERT INTO edit_labels (edit_id, image, labels_before, labels_after)
             SELECT ?, number, labels, ${after} FROM images WHERE ${labelsHold('labels')}`,
          )
          .run(edit, classId, ...(to === null ? [] : [to]), classId);
      });
    }).revision;
  }

  /** Keeps what differs from what is there, as one edit. */
  #put(
    kind: EditKind,
    draft: { readonly at: string; readonly className: string | null },
    rows: readonly ClassRow[],
  ): number | null {
    const { history } = this.#access;
    const known = new Map(this.#classes.all().map((one) => [one.id, one]));
    return history.perform({ kind, ...draft }, (edit) => {
      for (const row of rows) {
        const before = known.get(row.id);
        if (before && differ(before, row)) {
          history.recordClass(edit, row.id, { before: stateOf(before), after: stateOf(row) });
        }
      }
    });
  }
}

function differ(a: ClassState, b: ClassState): boolean {
  return (
    a.name !== b.name ||
    a.position !== b.position ||
    a.description !== b.description ||
    a.color !== b.color ||
    a.key !== b.key
  );
}
