import type { Database, Statement } from 'better-sqlite3';
import { mostBlockRows } from '../../src-shared/contract/dataset-stream.ts';
import { imageColumns, type ImageColumnName } from '../../src-shared/domain/image-columns.ts';
import type { ChangeLog } from './change-log.ts';
import { imageColumnSql } from './image-column-sql.ts';

/** A value as SQLite gives it. */
export type Cell = string | number | null;

/** Some images: for each column the values of all, in the same order. */
export type ReadColumns = ReadonlyMap<ImageColumnName, readonly Cell[]>;

/** Reads images in bulk, column by column. */
export class ImageReader {
  readonly #names: readonly ImageColumnName[];
  readonly #from: Statement<[number, number], Cell[]>;
  readonly #these: Statement<[string], Cell[]>;
  readonly #changes: ChangeLog;

  constructor(database: Database, changes: ChangeLog) {
    this.#changes = changes;
    this.#names = Object.keys(imageColumns).filter((name) => Object.hasOwn(imageColumnSql, name)) as ImageColumnName[];
    const columns = this.#names.map((name) => imageColumnSql[name]).join(', ');
    const select = `SELECT images.number, ${columns} FROM present_images AS images`;
    this.#from = database
      .prepare<[number, number], Cell[]>(`${select} WHERE images.number > ? ORDER BY images.number LIMIT ?`)
      .raw();
    this.#these = database
      .prepare<[string], Cell[]>(
        `${select} WHERE images.number IN (SELECT value FROM json_each(?)) ORDER BY images.number`,
      )
      .raw();
  }

  /** The images after a number, in the order in which they came in; `last` is the number of the last of them. */
  after(number: number): { readonly columns: ReadColumns; readonly rowCount: number; readonly last: number } {
    const rows = this.#from.all(number, mostBlockRows);
    return { columns: this.#turn(rows), rowCount: rows.length, last: Number(rows.at(-1)?.[0] ?? number) };
  }

  /** These images; those that are gone are left out. */
  these(numbers: readonly number[]): { readonly columns: ReadColumns; readonly rowCount: number } {
    const rows = this.#these.all(JSON.stringify(numbers));
    return { columns: this.#turn(rows), rowCount: rows.length };
  }

  /** The numbers of the images that changed after a revision; null when all must be read anew. */
  changedSince(revision: number): readonly number[] | null {
    return this.#changes.since(revision);
  }

  #turn(rows: readonly Cell[][]): ReadColumns {
    return new Map(this.#names.map((name, index) => [name, rows.map((row) => row[index + 1] ?? null)]));
  }
}
