import type { ImageColumnName } from '../../src-shared/domain/image-columns.ts';

/** The folder of a source, with its slash. */
const folder = "rtrim(source, replace(source, '/', ''))";

/** What each column of the page is in the database: an expression over `images`, text or number as its kind says. */
export const imageColumnSql: Readonly<Record<ImageColumnName, string>> = {
  id: 'id',
  fileName: 'file_name',
  otherSource: `iif(source = ${folder} || file_name, '', source)`,
  folder: `rtrim(${folder}, '/')`,
  format: 'format',
  width: 'width',
  height: 'height',
  sizeBytes: 'size_bytes',
  // As text: an import gives many images the same time, which is read once.
  addedAt: 'added_at',
  classId: 'class_id',
  split: 'split',
};

/** Tables besides `images` that hold what columns show: a change of their rows is a change of the image in `image`. */
export const watchedTables: readonly { readonly table: string; readonly image: string }[] = [];
