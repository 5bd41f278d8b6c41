import type { Statement } from 'better-sqlite3';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { DatasetClass } from '../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { DatasetAccess } from './dataset-access.ts';

/** The classes that there are, and ids for new ones. */
export class ClassRows {
  readonly #access: DatasetAccess;
  readonly #all: Statement<[], DatasetClass>;
  readonly #one: Statement<[ClassId], DatasetClass>;

  constructor(access: DatasetAccess) {
    const { database } = access;
    this.#access = access;
    this.#all = database.prepare('SELECT id, name, position AS "order" FROM classes ORDER BY position');
    this.#one = database.prepare('SELECT id, name, position AS "order" FROM classes WHERE id = ?');
  }

  /** In the order in which they are shown. */
  all(): readonly DatasetClass[] {
    return this.#all.all();
  }

  /** Throws AppError 'not-found' when there is no such class. */
  existing(classId: ClassId): DatasetClass {
    const found = this.#one.get(classId);
    if (found) return found;
    throw new AppError('not-found', say('classGone'), { detail: { classId } });
  }

  /** Throws AppError 'conflict' when another class has this name. */
  assertNameIsFree(name: string, except: ClassId | null): void {
    const isTaken = this.all().some((item) => item.name === name && item.id !== except);
    if (isTaken) throw new AppError('conflict', say('classNameTaken', { name }), { detail: { name } });
  }

  /** An id that no class ever had, and its place behind all others. */
  next(): { readonly id: ClassId; readonly position: number } {
    const row = this.#access.database
      .prepare<[], { id: ClassId; position: number }>(
        "UPDATE dataset SET next_class = next_class + 1 RETURNING 'class-' || next_class AS id, next_class - 1 AS position",
      )
      .get();
    if (!row) throw new Error('The dataset has no state');
    return row;
  }
}
