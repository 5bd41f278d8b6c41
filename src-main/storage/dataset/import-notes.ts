import type { Database } from 'better-sqlite3';
import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { ImageMark } from '../../../src-shared/domain/image-mark.ts';

/** What an import says of an image that the project has; null and what is left out keep what there is. */
export interface ImportedLabel {
  readonly id: ImageId;
  readonly className: string | null;
  /** In multi-label projects, where `className` is null: all its classes; null keeps what there is. */
  readonly classNames?: readonly string[] | null;
  readonly split: Split | null;
  readonly mark?: ImageMark | null;
  /** Put on beside those that are there. */
  readonly tags?: readonly string[];
}

/** Records the marks and tags of an import under an edit, and answers what does so. */
export function noteRecorder(database: Database): (edit: number, label: ImportedLabel) => void {
  const recordMark = database.prepare<[number, ImageMark, ImageId, ImageMark]>(
    `INSERT INTO edit_marks (edit_id, image, mark_before, mark_after)
     SELECT ?, number, mark, ? FROM images LEFT JOIN image_marks ON image = number WHERE id = ? AND mark IS NOT ?
     ON CONFLICT DO NOTHING`,
  );
  const recordTag = database.prepare<[number, string, ImageId, string]>(
    `INSERT INTO edit_tags (edit_id, image, tag, is_on_before, is_on_after)
     SELECT ?, number, ?, 0, 1 FROM images
     WHERE id = ? AND NOT EXISTS (SELECT 1 FROM image_tags WHERE image = number AND tag = ?)
     ON CONFLICT DO NOTHING`,
  );
  return (edit, { id, mark, tags }) => {
    if (mark != null) recordMark.run(edit, mark, id, mark);
    for (const tag of tags ?? []) recordTag.run(edit, tag, id, tag);
  };
}
