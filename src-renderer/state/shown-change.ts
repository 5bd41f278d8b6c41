import type { DatasetEdit } from '../../src-shared/domain/dataset-edit.ts';
import type { ClassId } from '../../src-shared/domain/ids.ts';
import type { ImageMark } from '../../src-shared/domain/image-mark.ts';
import type { ImageTable } from './table/image-table.ts';

/** What images get: a class (null: none), or a mark (null: none). */
export type ImageChange =
  | { readonly what: 'label'; readonly classId: ClassId | null }
  | { readonly what: 'mark'; readonly mark: ImageMark | null };

/** Shows a change of these rows as core will do it: a class takes the mark away. Answers the function that takes it back. */
export function showChange(table: ImageTable, rows: Uint32Array, change: ImageChange): () => void {
  const { classId, mark } = table.columns;
  if (change.what === 'mark') {
    const marks = mark.set(rows, change.mark);
    return () => mark.restore(rows, marks);
  }
  const labels = classId.set(rows, change.classId);
  const marks = change.classId === null ? null : mark.set(rows, null);
  return () => {
    classId.restore(rows, labels);
    if (marks) mark.restore(rows, marks);
  };
}

/** The edit that core will tell of it. */
export function describeChange(change: ImageChange, imageCount: number, className: string | null): DatasetEdit {
  const common = { by: 'person', imageCount, at: new Date().toISOString() } as const;
  if (change.what === 'mark') {
    const kind = change.mark === null ? 'clear-mark' : 'set-mark';
    return { ...common, kind, className: null, detail: change.mark };
  }
  return { ...common, kind: change.classId === null ? 'clear-label' : 'set-label', className, detail: null };
}
