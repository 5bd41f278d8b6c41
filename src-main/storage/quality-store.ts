import type { Database } from 'better-sqlite3';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import { databaseError } from './database-error.ts';
import type { ChangedFileRow, FactsRow, MeasuredImage, SketchRow, UnmeasuredImage } from './quality-rows.ts';

const factColumns = 'hash, brightness, contrast, highlight, shadow, sharpness, colorfulness, captured_at';

/** What is known about the pictures and files of one project beside its dataset. Each method that changes something is one transaction. */
export class QualityStore {
  readonly #database: Database;
  readonly #file: string;

  constructor(database: Database, file: string) {
    this.#database = database;
    this.#file = file;
  }

  /** How many images there are, were looked at in this version, and could not be read. */
  countFacts(version: number): { readonly total: number; readonly done: number; readonly failed: number } {
    const row = this.#database
      .prepare<[number], { total: number; done: number; failed: number }>(
        `SELECT count(*) AS total, count(image) AS done, count(*) FILTER (WHERE image IS NOT NULL AND hash IS NULL) AS failed
         FROM present_images LEFT JOIN image_facts ON image = number AND version = ?`,
      )
      .get(version);
    return row ?? { total: 0, done: 0, failed: 0 };
  }

  /** The next images after a number that were not looked at in this version, in the order in which they came. */
  unmeasured(version: number, limit: number, after = 0): readonly UnmeasuredImage[] {
    return this.#database
      .prepare<[number, number, number], UnmeasuredImage>(
        `SELECT number, id, format FROM images WHERE number > ?
         AND NOT EXISTS (SELECT 1 FROM image_facts WHERE image = number AND version = ?) ORDER BY number LIMIT ?`,
      )
      .all(after, version, limit);
  }

  /** True when images came in after the last one that was looked at; asks in no time, unlike `unmeasured`. */
  hasNewImages(): boolean {
    const sql = 'SELECT 1 FROM images WHERE number > (SELECT coalesce(max(image), 0) FROM image_facts) LIMIT 1';
    return this.#database.prepare(sql).get() !== undefined;
  }

  /** An image that is gone meanwhile is passed over. */
  saveFacts(version: number, rows: readonly { readonly number: number; readonly facts: FactsRow }[]): void {
    this.#write(() => {
      const save = this.#database.prepare(
        `INSERT INTO image_facts (image, version, sketch, ${factColumns})
         SELECT number, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM images WHERE number = ?
         ON CONFLICT (image) DO UPDATE SET version = excluded.version, hash = excluded.hash, sketch = excluded.sketch,
           brightness = excluded.brightness, contrast = excluded.contrast, highlight = excluded.highlight, shadow = excluded.shadow,
           sharpness = excluded.sharpness, colorfulness = excluded.colorfulness, captured_at = excluded.captured_at`,
      );
      for (const { number, facts } of rows) {
        const { hash, sketch, brightness, contrast, highlight, shadow, sharpness, colorfulness } = facts;
        save.run(
          ...[version, sketch, hash, brightness, contrast, highlight, shadow, sharpness, colorfulness],
          ...[facts.captured_at, number],
        );
      }
    });
  }

  /** All images in the order in which they came, with what was measured of them in this version. */
  measured(version: number): readonly MeasuredImage[] {
    return this.#database
      .prepare<[number], MeasuredImage>(
        `SELECT number, id, file_name AS fileName, source, width, height, class_id AS classId, labels, split,
           hash, brightness, contrast, highlight, shadow, sharpness, colorfulness, facts.captured_at, burst,
           facts.image IS NOT NULL AS isMeasured
         FROM present_images LEFT JOIN image_facts AS facts ON facts.image = number AND version = ?
           LEFT JOIN image_origins AS origin ON origin.image = number ORDER BY number`,
      )
      .all(version);
  }

  /** The pictures that could be read, in the order in which they came. */
  sketches(version: number): readonly SketchRow[] {
    return this.#database
      .prepare<[number], SketchRow>(
        `SELECT image AS number, hash, sketch FROM image_facts WHERE version = ? AND hash IS NOT NULL ORDER BY image`,
      )
      .all(version);
  }

  /** As JSON; null before anybody chose. */
  rules(): string | null {
    return this.#database.prepare<[], string>('SELECT rules FROM split_rules').pluck().get() ?? null;
  }

  saveRules(rules: string): void {
    this.#write(() =>
      this.#database
        .prepare('INSERT INTO split_rules VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET rules = excluded.rules')
        .run(rules),
    );
  }

  /** Images of groups of near copies that a person looked at and keeps. */
  keptCopies(): ReadonlySet<ImageId> {
    const ids = this.#database
      .prepare<[], ImageId>('SELECT id FROM kept_copies JOIN images ON number = image')
      .pluck()
      .all();
    return new Set(ids);
  }

  setKeptCopies(imageIds: readonly ImageId[], isKept: boolean): void {
    const ids = JSON.stringify(imageIds);
    const among = 'id IN (SELECT value FROM json_each(?))';
    this.#write(() =>
      this.#database
        .prepare(
          isKept
            ? `INSERT OR IGNORE INTO kept_copies SELECT number FROM images WHERE ${among}`
            : `DELETE FROM kept_copies WHERE image IN (SELECT number FROM images WHERE ${among})`,
        )
        .run(ids),
    );
  }

  /** The files that are not as they were imported, in the order of their images. */
  changedFiles(): readonly ChangedFileRow[] {
    return this.#database
      .prepare<[], ChangedFileRow>(
        `SELECT id AS imageId, file_name AS fileName, reason, is_left_out AS isLeftOut
         FROM changed_files JOIN present_images ON number = image ORDER BY number`,
      )
      .all();
  }

  /** When all files were last compared, and how many. */
  lastFileCheck(): { readonly checkedAt: string; readonly total: number } | null {
    return (
      this.#database
        .prepare<[], { checkedAt: string; total: number }>('SELECT checked_at AS checkedAt, total FROM file_checks')
        .get() ?? null
    );
  }

  /**
   * Keeps what a comparison of these files found: those that changed, with the reason as JSON; the others are as imported. A file that a
   * person left out stays left out while it is changed. `checkedAt` is null when it was not a comparison of all files.
   */
  saveFileCheck(looked: readonly ImageId[], changed: ReadonlyMap<ImageId, string>, checkedAt: string | null): void {
    this.#write(() => {
      const isFine = JSON.stringify(looked.filter((id) => !changed.has(id)));
      this.#database
        .prepare(
          'DELETE FROM changed_files WHERE image IN (SELECT number FROM images WHERE id IN (SELECT value FROM json_each(?)))',
        )
        .run(isFine);
      const keep = this.#database.prepare(
        `INSERT INTO changed_files SELECT number, ?, 0 FROM images WHERE id = ?
         ON CONFLICT (image) DO UPDATE SET reason = excluded.reason`,
      );
      for (const [id, reason] of changed) keep.run(reason, id);
      if (checkedAt === null) return;
      this.#database
        .prepare(
          `INSERT INTO file_checks VALUES (1, ?, ?)
           ON CONFLICT (one) DO UPDATE SET checked_at = excluded.checked_at, total = excluded.total`,
        )
        .run(checkedAt, looked.length);
    });
  }

  setLeftOut(imageIds: readonly ImageId[], isLeftOut: boolean): void {
    this.#write(() =>
      this.#database
        .prepare(
          `UPDATE changed_files SET is_left_out = ?
           WHERE image IN (SELECT number FROM images WHERE id IN (SELECT value FROM json_each(?)))`,
        )
        .run(isLeftOut ? 1 : 0, JSON.stringify(imageIds)),
    );
  }

  #write<T>(change: () => T): T {
    try {
      return this.#database.transaction(change).immediate();
    } catch (error) {
      throw databaseError(error, this.#file);
    }
  }
}
