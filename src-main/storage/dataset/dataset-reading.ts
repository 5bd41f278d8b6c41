import type { Statement } from 'better-sqlite3';
import type { Dataset, DatasetImage } from '../../../src-shared/domain/dataset.ts';
import type { EditBy } from '../../../src-shared/domain/dataset-edit.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { ImageMark } from '../../../src-shared/domain/image-mark.ts';
import { toImage, toRatios, type ImageRow } from '../dataset-rows.ts';
import type { ClassRows } from './class-rows.ts';
import { toClass } from './class-state.ts';
import type { DatasetAccess } from './dataset-access.ts';

const imageColumns = 'id, file_name, source, format, width, height, size_bytes, class_id, labels, split';

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
    this.#images = database.prepare(`SELECT ${imageColumns} FROM present_images ORDER BY number`);
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
        classes: this.#classes.all().map(toClass),
        splitRatios: toRatios(state),
        ...this.#access.history.next(),
      };
    })();
  }

  /** Throws AppError 'not-found' when there is no such class. */
  className(classId: ClassId): string {
    return this.#classes.existing(classId).name;
  }

  counts(): { readonly images: number; readonly classes: number } {
    const count = (table: 'present_images' | 'classes'): number =>
      this.#access.database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
    return { images: count('present_images'), classes: count('classes') };
  }

  /** The first images, one of each class in turn, at most `limit`. */
  cover(limit: number): readonly ImageId[] {
    return this.#access.database
      .prepare<[number], ImageId>(
        `SELECT id FROM (
           SELECT id, number, row_number() OVER (PARTITION BY coalesce(class_id, labels) ORDER BY number) AS turn FROM present_images)
         ORDER BY turn, number LIMIT ?`,
      )
      .pluck()
      .all(limit);
  }

  files(): readonly Pick<DatasetImage, 'id' | 'format'>[] {
    return this.#access.database
      .prepare<[], Pick<DatasetImage, 'id' | 'format'>>('SELECT id, format FROM present_images ORDER BY number')
      .all();
  }

  /** Also one in the trash: it can be looked at there, and in the runs that it took part in. */
  image(id: ImageId): DatasetImage | undefined {
    const row = this.#image.get(id);
    return row && toImage(row);
  }

  /** The images of the dataset that are marked to be skipped: they do not take part in training. */
  skipped(): ReadonlySet<ImageId> {
    const ids = this.#access.database
      .prepare<[], ImageId>("SELECT id FROM present_images JOIN image_marks ON image = number WHERE mark = 'skip'")
      .pluck()
      .all();
    return new Set(ids);
  }

  marks(): ReadonlyMap<ImageId, ImageMark> {
    const rows = this.#access.database
      .prepare<[], { id: ImageId; mark: ImageMark }>('SELECT id, mark FROM image_marks JOIN images ON image = number')
      .all();
    return new Map(rows.map(({ id, mark }) => [id, mark]));
  }

  /** Of the labelled images of the dataset, how many have their label from whom: the last edit that changed it, else the import. */
  labelOrigins(): Readonly<Record<EditBy, number>> {
    const rows = this.#access.database
      .prepare<[], { readonly by: EditBy; readonly count: number }>(
        `WITH latest AS (
           SELECT image, max(edit_id) AS edit_id FROM (
             SELECT image, edit_id FROM edit_images WHERE class_before IS NOT class_after
             UNION ALL SELECT image, edit_id FROM edit_labels) JOIN edits ON edits.id = edit_id
           WHERE is_undone = 0 GROUP BY image)
         SELECT coalesce(by, 'import') AS by, count(*) AS count FROM present_images
           LEFT JOIN latest ON latest.image = number LEFT JOIN edits ON edits.id = latest.edit_id
         WHERE coalesce(class_id, labels) IS NOT NULL GROUP BY 1`,
      )
      .all();
    return { import: 0, person: 0, model: 0, ...Object.fromEntries(rows.map(({ by, count }) => [by, count])) };
  }
}
