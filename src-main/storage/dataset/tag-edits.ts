import type { Statement } from 'better-sqlite3';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { DatasetAccess, EditResult } from './dataset-access.ts';
import type { ImageNumbers, NumberList } from './image-numbers.ts';

/** Words on images, as edits. */
export class TagEdits {
  readonly #access: DatasetAccess;
  readonly #images: ImageNumbers;
  readonly #recordAdd: Statement<[number, string, NumberList, string]>;
  readonly #recordRemove: Statement<[number, string, NumberList]>;
  readonly #counts: Statement<[], { readonly tag: string; readonly count: number }>;

  constructor(access: DatasetAccess, images: ImageNumbers) {
    const { database } = access;
    this.#access = access;
    this.#images = images;
    this.#recordAdd = database.prepare(
      `INSERT INTO edit_tags (edit_id, image, tag, is_on_before, is_on_after)
       SELECT ?, number, ?, 0, 1 FROM images WHERE number IN (SELECT value FROM json_each(?))
         AND NOT EXISTS (SELECT 1 FROM image_tags WHERE image = number AND tag = ?)`,
    );
    this.#recordRemove = database.prepare(
      `INSERT INTO edit_tags (edit_id, image, tag, is_on_before, is_on_after)
       SELECT ?, image, tag, 1, 0 FROM image_tags WHERE tag = ? AND image IN (SELECT value FROM json_each(?))`,
    );
    this.#counts = database.prepare(
      `SELECT tag, count(*) AS count FROM image_tags WHERE image NOT IN (SELECT image FROM trashed_images)
       GROUP BY tag ORDER BY tag`,
    );
  }

  /** A tag in both lists is put on. Throws AppError 'not-found' for an unknown image; answers how many images changed. */
  change(
    imageIds: readonly ImageId[],
    { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
    at: string,
  ): EditResult {
    return this.#access.edit(() => {
      const images = this.#images.present(imageIds);
      const added = new Set(add);
      const removed = new Set(remove.filter((tag) => !added.has(tag)));
      const detail = [...added, ...removed].join(', ');
      return this.#access.history.perform({ kind: 'change-tags', at, detail }, (edit) => {
        for (const tag of added) this.#recordAdd.run(edit, tag, images, tag);
        for (const tag of removed) this.#recordRemove.run(edit, tag, images);
      });
    });
  }

  /** Every tag that is on an image of the dataset, and on how many. */
  counts(): readonly { readonly tag: string; readonly count: number }[] {
    return this.#counts.all();
  }
}
