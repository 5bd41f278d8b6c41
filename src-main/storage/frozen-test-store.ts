import type { Database } from 'better-sqlite3';
import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';
import { databaseError } from './database-error.ts';
import type { LabelList } from './dataset/label-sets.ts';

/** One image of a test split with its label. */
export interface TestImage {
  readonly id: ImageId;
  /** In multi-label projects all its classes, as one text. */
  readonly classId: ClassId | LabelList | null;
}

/** The test split of one project as a person froze it. */
export class FrozenTestStore {
  readonly #database: Database;
  readonly #file: string;

  constructor(database: Database, file: string) {
    this.#database = database;
    this.#file = file;
  }

  /** Null while it is not frozen. */
  read(): { readonly frozenAt: string; readonly hash: string } | null {
    return (
      this.#database
        .prepare<[], { frozenAt: string; hash: string }>('SELECT frozen_at AS frozenAt, hash FROM frozen_test')
        .get() ?? null
    );
  }

  /** The images as they were when it was frozen, by id. */
  images(): readonly TestImage[] {
    return this.#database
      .prepare<[], TestImage>('SELECT id, class_id AS classId FROM frozen_test_images ORDER BY id')
      .all();
  }

  /** The images that are in the test split now, by id. */
  current(): readonly TestImage[] {
    return this.#database
      .prepare<[], TestImage>(
        "SELECT id, coalesce(class_id, labels) AS classId FROM present_images WHERE split = 'test' ORDER BY id",
      )
      .all();
  }

  /** Freezes the split as it is now, in place of an earlier freeze. */
  freeze(hash: string, frozenAt: string): void {
    this.#write(() => {
      this.#clear();
      this.#database.prepare('INSERT INTO frozen_test VALUES (1, ?, ?)').run(frozenAt, hash);
      this.#database.exec(
        "INSERT INTO frozen_test_images SELECT id, coalesce(class_id, labels) FROM present_images WHERE split = 'test'",
      );
    });
  }

  unfreeze(): void {
    this.#write(() => this.#clear());
  }

  #clear(): void {
    this.#database.exec('DELETE FROM frozen_test; DELETE FROM frozen_test_images;');
  }

  #write(change: () => void): void {
    try {
      this.#database.transaction(change).immediate();
    } catch (error) {
      throw databaseError(error, this.#file);
    }
  }
}
