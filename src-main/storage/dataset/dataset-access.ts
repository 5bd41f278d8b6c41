import type { Database, Statement } from 'better-sqlite3';
import { databaseError } from '../database-error.ts';
import type { DatasetRow } from '../dataset-rows.ts';
import { EditHistory } from './edit-history.ts';

/** What an edit came to: the revision, raised when something changed, and how many images did. */
export interface EditResult {
  readonly revision: number;
  readonly changed: number;
}

/** What every part of a dataset's storage stands on: the database, its one row of state, the edits, and transactions. */
export class DatasetAccess {
  readonly database: Database;
  readonly history: EditHistory;
  readonly #file: string;
  readonly #state: Statement<[], DatasetRow>;

  constructor(database: Database, file: string) {
    this.database = database;
    this.history = new EditHistory(database);
    this.#file = file;
    this.#state = database.prepare('SELECT * FROM dataset');
  }

  state(): DatasetRow {
    const row = this.#state.get();
    if (!row) throw new Error('The dataset has no state');
    return row;
  }

  revision(): number {
    return this.state().revision;
  }

  raiseRevision(): number {
    this.database.prepare('UPDATE dataset SET revision = revision + 1').run();
    return this.revision();
  }

  /** One transaction: all of the change is on disk when it returns, or none of it. Throws AppError where SQLite refuses. */
  write<T>(change: () => T): T {
    try {
      return this.database.transaction(change).immediate();
    } catch (error) {
      throw databaseError(error, this.#file);
    }
  }

  /** One transaction around an edit; `perform` answers what `EditHistory.perform` does. */
  edit(perform: () => number | null): EditResult {
    return this.write(() => {
      const changed = perform();
      return { revision: changed === null ? this.revision() : this.raiseRevision(), changed: changed ?? 0 };
    });
  }
}
