import type { Database, Statement } from 'better-sqlite3';
import { watchedTables } from './image-column-sql.ts';

/** Changes beyond this many images are forgotten, the oldest first: asking for everything is then cheaper. */
const mostKept = 200_000;

/**
 * Which images changed in which revision, since this connection was opened. Triggers of the connection itself note it, so
 * no writer can forget to; they go with the transaction that they are in, and nothing of them is in the file.
 */
export class ChangeLog {
  readonly #database: Database;
  readonly #since: Statement<[number], number>;
  readonly #count: Statement<[], number>;

  /** `revision`: as it is now. A connection that cannot write sees the changes of others and can note none. */
  constructor(database: Database, revision: number) {
    this.#database = database;
    database.pragma('temp_store = MEMORY');
    database.exec(`
      CREATE TEMP TABLE changed_images (number INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
      CREATE INDEX temp.changed_images_by_revision ON changed_images (revision);
      CREATE TEMP TABLE known_changes (since INTEGER NOT NULL);
      ${watch('images', 'number')}
      ${watchedTables.map(({ table, image }) => watch(table, image)).join('')}
      ${leave('images', 'DELETE')}
      ${leave('trashed_images', 'INSERT')}
      ${leave('trashed_images', 'DELETE')}
    `);
    database.prepare('INSERT INTO temp.known_changes VALUES (?)').run(revision);
    this.#since = database
      .prepare<[number], number>('SELECT number FROM temp.changed_images WHERE revision > ? ORDER BY number')
      .pluck();
    this.#count = database.prepare<[], number>('SELECT count(*) FROM temp.changed_images').pluck();
  }

  /** The numbers of the images that changed after a revision, ascending; null when that is not known any more. */
  since(revision: number): readonly number[] | null {
    const floor = this.#database.prepare<[], number>('SELECT since FROM temp.known_changes').pluck().get() ?? Infinity;
    if (this.#database.readonly || revision < floor) return null;
    const numbers = this.#since.all(revision);
    if ((this.#count.get() ?? 0) > mostKept) this.#forget();
    return numbers;
  }

  #forget(): void {
    this.#database.exec(`
      UPDATE temp.known_changes SET since = (SELECT max(revision) FROM temp.changed_images);
      DELETE FROM temp.changed_images;
    `);
  }
}

/** Images go or come back in their old place: rows mean other images then, and all must be read anew. */
function leave(table: string, event: 'INSERT' | 'DELETE'): string {
  return `CREATE TEMP TRIGGER ${table}_${event.toLowerCase()}_leaves AFTER ${event} ON main.${table} BEGIN
    UPDATE known_changes SET since = (SELECT revision + 1 FROM main.dataset);
  END;`;
}

/** An edit raises the revision at its end, so what it changes belongs to the one after the present. */
function watch(table: string, image: string): string {
  const note = (row: 'NEW' | 'OLD'): string =>
    // Not OR REPLACE: within a trigger the statement that fired it decides about OR.
    `INSERT INTO changed_images VALUES (${row}.${image}, (SELECT revision + 1 FROM main.dataset))
       ON CONFLICT (number) DO UPDATE SET revision = excluded.revision;`;
  const trigger = (event: 'INSERT' | 'UPDATE' | 'DELETE', row: 'NEW' | 'OLD'): string =>
    `CREATE TEMP TRIGGER ${table}_${event.toLowerCase()} AFTER ${event} ON main.${table} BEGIN ${note(row)} END;`;
  const deleted = table === 'images' ? '' : trigger('DELETE', 'OLD');
  return trigger('INSERT', 'NEW') + trigger('UPDATE', 'NEW') + deleted;
}
