import type { Statement } from 'better-sqlite3';
import type { Dataset, DatasetImage } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { toImage, toRatios, type ImageRow } from '../dataset-rows.ts';
import type { ClassRows } from './class-rows.ts';
import type { DatasetAccess } from './dataset-access.ts';

const imageColumns = 'id, file_name, source, format, width, height, size_bytes, class_id, split';

/** What a dataset holds, whole or one image at a time. */
export class DatasetReading {
  readonly #access: DatasetAccess;
  readonly #classes: ClassRows;
  readonly #images: Statement<[], ImageRow>;
  readonly #image: Statement<[ImageId], ImageRow>;

  constructor(access: DatasetAccess, classes: ClassRows) {
    const { database } = access;
    this.#access = access;
    this.#classes = classes;
    this.#images = database.prepare(`SELECT ${imageColumns} FROM images ORDER BY number`);
    this.#image = database.prepare(`SELECT ${imageColumns} FROM images WHERE id = ?`);
  }

  all(): Dataset {
    // One transaction, so that what another process commits in between is seen wholly or not at all.
    return this.#access.database.transaction((): Dataset => ({
      ...this.head(),
      images: this.#images.all().map(toImage),
    }))();
  }

  /** All but the images. */
  head(): Omit<Dataset, 'images'> {
    return this.#access.database.transaction((): Omit<Dataset, 'images'> => {
      const state = this.#access.state();
      return {
        revision: state.revision,
        classes: this.#classes.all(),
        splitRatios: toRatios(state),
        ...this.#access.history.next(),
      };
    })();
  }

  counts(): { readonly images: number; readonly classes: number } {
    const count = (table: 'images' | 'classes'): number =>
      this.#access.database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
    return { images: count('images'), classes: count('classes') };
  }

  /** The first images, one of each class in turn, at most `limit`. */
  cover(limit: number): readonly ImageId[] {
    return this.#access.database
      .prepare<[number], ImageId>(
        `SELECT id FROM (
           SELECT id, number, row_number() OVER (PARTITION BY class_id ORDER BY number) AS turn FROM images)
         ORDER BY turn, number LIMIT ?`,
      )
      .pluck()
      .all(limit);
  }

  files(): readonly Pick<DatasetImage, 'id' | 'format'>[] {
    return this.#access.database
      .prepare<[], Pick<DatasetImage, 'id' | 'format'>>('SELECT id, format FROM images ORDER BY number')
      .all();
  }

  image(id: ImageId): DatasetImage | undefined {
    const row = this.#image.get(id);
    return row && toImage(row);
  }
}
