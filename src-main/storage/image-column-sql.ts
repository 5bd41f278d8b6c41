import type { ImageColumnName } from '../../src-shared/domain/image-columns.ts';

/** True for nearly every image: its source is its folder and its name. */
const isBelowFolder = "substr(source, -1 - length(file_name)) = '/' || file_name";

/** What each column of the page is in the database: an expression over `images`, text or number as its kind says. */
export const imageColumnSql: Readonly<Record<ImageColumnName, string>> = {
  id: 'id',
  fileName: 'file_name',
  otherSource: `iif(source = file_name OR ${isBelowFolder}, '', source)`,
  // The last way takes any source and is ten times as slow.
  folder: `CASE WHEN source = file_name THEN ''
    WHEN ${isBelowFolder} THEN substr(source, 1, length(source) - length(file_name) - 1)
    ELSE rtrim(rtrim(source, replace(source, '/', '')), '/') END`,
  format: 'format',
  width: 'width',
  height: 'height',
  sizeBytes: 'size_bytes',
  // As text: an import gives many images the same time, which is read once.
  addedAt: 'added_at',
  classId: 'class_id',
  labels: 'labels',
  split: 'split',
  mark: '(SELECT mark FROM image_marks WHERE image = images.number)',
  tags: `(SELECT group_concat(tag, '\n' ORDER BY tag) FROM image_tags WHERE image = images.number)`,
};

/** Tables besides `images` that hold what columns show: a change of their rows is a change of the image in `image`. */
export const watchedTables: readonly { readonly table: string; readonly image: string }[] = [
  { table: 'image_marks', image: 'image' },
  { table: 'image_tags', image: 'image' },
];
