import type { Database, Statement } from 'better-sqlite3';
import * as v from 'valibot';
import { savedViewSchema, type SavedView } from '../../src-shared/domain/saved-view.ts';
import { databaseError } from './database-error.ts';

/** The saved views of one project. */
export class ViewStore {
  readonly #file: string;
  readonly #all: Statement<[], string>;
  readonly #save: Statement<[string, string]>;
  readonly #delete: Statement<[string]>;

  constructor(database: Database, file: string) {
    this.#file = file;
    this.#all = database.prepare<[], string>('SELECT view FROM saved_views ORDER BY number').pluck();
    this.#save = database.prepare(
      'INSERT INTO saved_views (name, view) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET view = excluded.view',
    );
    this.#delete = database.prepare('DELETE FROM saved_views WHERE name = ?');
  }

  list(): readonly SavedView[] {
    return this.#all.all().map((view) => v.parse(savedViewSchema, JSON.parse(view)));
  }

  save(view: SavedView): void {
    this.#write(() => this.#save.run(view.name, JSON.stringify(view)));
  }

  /** False when there is none of this name. */
  delete(name: string): boolean {
    return this.#write(() => this.#delete.run(name)).changes > 0;
  }

  #write<T>(change: () => T): T {
    try {
      return change();
    } catch (error) {
      throw databaseError(error, this.#file);
    }
  }
}
