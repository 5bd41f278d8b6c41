import type { Statement } from 'better-sqlite3';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { ClassRow } from './class-state.ts';
import type { DatasetAccess } from './dataset-access.ts';

const columns = 'id, name, position, number, description, color, key';

/** The classes that there are, and ids for new ones. */
export class ClassRows {
  readonly #access: DatasetAccess;
  readonly #all: Statement<[], ClassRow>;
  readonly #one: Statement<[ClassId], ClassRow>;

  constructor(access: DatasetAccess) {
    const { database } = access;
    this.#access = access;
    this.#all = database.prepare(`SELECT ${columns} FROM classes ORDER BY position, number`);
    this.#one = database.prepare(`SELECT ${columns} FROM classes WHERE id = ?`);
  }

  /** In the order in which they are shown. */
  all(): readonly ClassRow[] {
    return this.#all.all();
  }

  find(classId: ClassId): ClassRow | undefined {
    return this.#one.get(classId);
  }

  /** Throws AppError 'not-found' when there is no such class. */
  existing(classId: ClassId): ClassRow {
    const found = this.find(classId);
    if (found) return found;
    throw new AppError('not-found', say('classGone'), { detail: { classId } });
  }

  /** Throws AppError 'conflict' when another class has this name. */
  assertNameIsFree(name: string, except: ClassId | null): void {
    const isTaken = this.all().some((item) => item.name === name && item.id !== except);
    if (isTaken) throw new AppError('conflict', say('classNameTaken', { name }), { detail: { name } });
  }

  /** An id that no class ever had, and its place behind all others. */
  next(): { readonly id: ClassId; readonly number: number } {
    const row = this.#access.database
      .prepare<[], { id: ClassId; number: number }>(
        "UPDATE dataset SET next_class = next_class + 1 RETURNING 'class-' || next_class AS id, next_class - 1 AS number",
      )
      .get();
    if (!row) throw new Error('The dataset has no state');
    return row;
  }
}
