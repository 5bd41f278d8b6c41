import type { Statement } from 'better-sqlite3';
import type { ImageFormat } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { toImage, type ImageRow } from '../dataset-rows.ts';
import type { TrashedImage } from '../../../src-shared/domain/trash.ts';
import type { DatasetAccess, EditResult } from './dataset-access.ts';
import type { ImageNumbers } from './image-numbers.ts';

/** A file of an image that is gone for good. */
export interface DeletedFile {
  readonly id: ImageId;
  readonly format: ImageFormat;
}

/** Images that left the dataset and can come back, until the trash is emptied. */
export class Trash {
  readonly #access: DatasetAccess;
  readonly #images: ImageNumbers;
  readonly #list: Statement<[], ImageRow & { readonly at: string }>;
  readonly #pending: Statement<[], DeletedFile>;

  constructor(access: DatasetAccess, images: ImageNumbers) {
    const { database } = access;
    this.#access = access;
    this.#images = images;
    this.#list = database.prepare(
      `SELECT images.*, trashed_images.at AS at FROM trashed_images JOIN images ON number = image ORDER BY at DESC, number`,
    );
    this.#pending = database.prepare('SELECT id, format FROM deleted_images WHERE is_file_there = 1');
  }

  /** Throws AppError 'not-found' for an image that is not in the dataset; answers how many changed. */
  put(imageIds: readonly ImageId[], at: string): EditResult {
    return this.#access.edit(() => {
      const images = this.#images.present(imageIds);
      const record = this.#access.database.prepare<[number, string, string]>(
        'INSERT INTO edit_trash (edit_id, image, at_before, at_after) SELECT ?, value, NULL, ? FROM json_each(?)',
      );
      return this.#access.history.perform({ kind: 'trash', at }, (edit) => void record.run(edit, at, images));
    });
  }

  /** Back into the dataset, with label, split, mark and tags. Throws AppError 'not-found' for an image that is not in the trash. */
  restore(imageIds: readonly ImageId[], at: string): EditResult {
    return this.#access.edit(() => {
      const images = this.#images.trashed(imageIds);
      const record = this.#access.database.prepare<[number, string]>(
        `INSERT INTO edit_trash (edit_id, image, at_before, at_after)
         SELECT ?, image, at, NULL FROM trashed_images WHERE image IN (SELECT value FROM json_each(?))`,
      );
      return this.#access.history.perform({ kind: 'restore', at }, (edit) => void record.run(edit, images));
    });
  }

  /** Latest first. */
  list(): readonly TrashedImage[] {
    return this.#list.all().map((row) => ({ ...toImage(row), trashedAt: row.at }));
  }

  /**
   * Takes up to `limit` images of the trash out of the database for good, with all that was noted of them. Their files are then to be
   * removed (`filesLeft`) and reported (`fileIsGone`): a crash in between leaves a file to remove, never a row without a file.
   */
  forget(limit: number, at: string): number {
    return this.#access.write(() => {
      const { database, history } = this.#access;
      const numbers = database
        .prepare<[number], number>('SELECT image FROM trashed_images ORDER BY image LIMIT ?')
        .pluck()
        .all(limit);
      if (numbers.length === 0) return 0;
      const list = JSON.stringify(numbers);
      history.forgetImages(numbers);
      database
        .prepare(
          `INSERT INTO deleted_images (id, file_name, format, at, is_file_there)
           SELECT id, file_name, format, ?, 1 FROM images WHERE number IN (SELECT value FROM json_each(?))
           ON CONFLICT (id) DO UPDATE SET at = excluded.at, is_file_there = 1`,
        )
        .run(at, list);
      database.prepare('DELETE FROM images WHERE number IN (SELECT value FROM json_each(?))').run(list);
      this.#access.raiseRevision();
      return numbers.length;
    });
  }

  /** Files of deleted images that may still be there. */
  filesLeft(): readonly DeletedFile[] {
    return this.#pending.all();
  }

  filesAreGone(ids: readonly ImageId[]): void {
    this.#access.write(() =>
      this.#access.database
        .prepare('UPDATE deleted_images SET is_file_there = 0 WHERE id IN (SELECT value FROM json_each(?))')
        .run(JSON.stringify(ids)),
    );
  }
}
