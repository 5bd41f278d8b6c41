import SqliteDatabase from 'better-sqlite3';
import type { ClassId } from '../../src-shared/domain/ids.ts';
import type { ImageMark } from '../../src-shared/domain/image-mark.ts';

/** A class as it should be, in its place. */
export interface ModelClass {
  readonly id: ClassId;
  readonly name: string;
  /** Null: the automatic one. */
  readonly color: number | null;
  readonly key: string | null;
  readonly description: string;
}

/** An image as it should be. */
export interface ModelImage {
  readonly number: number;
  readonly label: ClassId | null;
  readonly split: string;
  readonly mark: ImageMark | null;
  readonly tags: readonly string[];
  readonly isTrashed: boolean;
}

/** A dataset as it should be: plain values. */
export interface Model {
  readonly classes: readonly ModelClass[];
  readonly images: readonly ModelImage[];
  readonly seed: number;
}

/** What the file of a project says, read without any of the code that wrote it. */
export function readModel(file: string): Model {
  const database = new SqliteDatabase(file, { readonly: true });
  try {
    const classes = database
      .prepare<[], ModelClass>('SELECT id, name, color, key, description FROM classes ORDER BY position')
      .all();
    const images = database
      .prepare<[], Omit<ModelImage, 'tags' | 'isTrashed'> & { tags: string; isTrashed: 0 | 1 }>(
        `SELECT number, class_id AS label, split,
           (SELECT mark FROM image_marks WHERE image = number) AS mark,
           (SELECT json_group_array(tag) FROM (SELECT tag FROM image_tags WHERE image = number ORDER BY tag)) AS tags,
           number IN (SELECT image FROM trashed_images) AS isTrashed
         FROM images ORDER BY number`,
      )
      .all()
      .map((row) => ({ ...row, tags: JSON.parse(row.tags) as string[], isTrashed: row.isTrashed === 1 }));
    const seed = database.prepare<[], number>('SELECT seed FROM dataset').pluck().get() ?? -1;
    return { classes, images, seed };
  } finally {
    database.close();
  }
}
