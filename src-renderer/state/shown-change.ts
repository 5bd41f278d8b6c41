import type { DatasetEdit } from '../../src-shared/domain/dataset-edit.ts';
import type { ClassId } from '../../src-shared/domain/ids.ts';
import type { ImageMark } from '../../src-shared/domain/image-mark.ts';
import { changeLabels, labelTextOf, withClass, type LabelText } from './table/label-sets.ts';
import type { ImageTable } from './table/image-table.ts';

/** What images get: a class (null: none), a class beside others or no more, exactly some classes (null: not labelled), or a mark (null: none). */
export type ImageChange =
  | { readonly what: 'class'; readonly classId: ClassId; readonly isOn: boolean }
  | { readonly what: 'labels'; readonly classIds: readonly ClassId[] | null }
  | { readonly what: 'label'; readonly classId: ClassId | null }
  | { readonly what: 'mark'; readonly mark: ImageMark | null };

/** Shows a change of these rows as core will do it: a class takes the mark away. Answers the function that takes it back. */
export function showChange(table: ImageTable, rows: Uint32Array, change: ImageChange): () => void {
  const { classId, labels: lists, mark } = table.columns;
  if (change.what === 'class' || change.what === 'labels') {
    const takeBack = changeLabels(lists, rows, (labels) => nextLabels(labels, change));
    const marksBefore = takesMarkAway(change) ? mark.set(rows, null) : null;
    return () => {
      takeBack();
      if (marksBefore) mark.restore(rows, marksBefore);
    };
  }
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

type LabelsChange = Extract<ImageChange, { readonly what: 'class' | 'labels' }>;

function nextLabels(labels: LabelText, change: LabelsChange): LabelText {
  return change.what === 'class' ? withClass(labels, change.classId, change.isOn) : labelTextOf(change.classIds);
}

function takesMarkAway(change: LabelsChange): boolean {
  return change.what === 'class' ? change.isOn : change.classIds !== null;
}

/** The edit that core will tell of it. */
export function describeChange(change: ImageChange, imageCount: number, className: string | null): DatasetEdit {
  const common = { by: 'person', imageCount, at: new Date().toISOString() } as const;
  if (change.what === 'mark') {
    const kind = change.mark === null ? 'clear-mark' : 'set-mark';
    return { ...common, kind, className: null, detail: change.mark };
  }
  if (change.what === 'class') {
    return { ...common, kind: change.isOn ? 'put-class' : 'take-class', className, detail: null };
  }
  if (change.what === 'labels') {
    const kind = change.classIds === null ? 'clear-label' : 'set-labels';
    return { ...common, kind, className: null, detail: change.classIds === null ? null : '' };
  }
  return { ...common, kind: change.classId === null ? 'clear-label' : 'set-label', className, detail: null };
}
