import type { EditBy, EditKind } from '../../../src-shared/domain/dataset-edit.ts';
import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { ImageChange } from '../../../src-shared/domain/image-history.ts';
import type { ImageMark } from '../../../src-shared/domain/image-mark.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import type { LabelList } from './label-sets.ts';

/** All that a history can bring back of an image. */
export interface ImageState {
  readonly classId: ClassId | null;
  readonly labels: LabelList | null;
  readonly split: Split;
  readonly mark: ImageMark | null;
  readonly tags: ReadonlySet<string>;
  readonly trashedAt: string | null;
}

export interface CurrentRow {
  readonly number: number;
  readonly classId: ClassId | null;
  readonly labels: LabelList | null;
  readonly split: Split;
  readonly mark: ImageMark | null;
  readonly trashedAt: string | null;
  readonly addedAt: string;
}

/** What one edit changed on the image; a part that it left alone is null. */
export interface ChangeRow {
  readonly edit: number;
  readonly kind: EditKind;
  readonly by: EditBy;
  readonly at: string;
  readonly hasImage: 0 | 1;
  readonly classBefore: ClassId | null;
  readonly classAfter: ClassId | null;
  readonly splitBefore: Split | null;
  readonly splitAfter: Split | null;
  readonly hasLabels: 0 | 1;
  readonly labelsBefore: LabelList | null;
  readonly labelsAfter: LabelList | null;
  readonly hasMark: 0 | 1;
  readonly markBefore: ImageMark | null;
  readonly markAfter: ImageMark | null;
  readonly hasTrash: 0 | 1;
  readonly trashedBefore: string | null;
  readonly trashedAfter: string | null;
}

export interface TagRow {
  readonly edit: number;
  readonly tag: string;
  readonly isOn: 0 | 1;
}

/** How an image is, and all that led there and was not undone. */
export interface StateSource {
  readonly current: CurrentRow & { readonly tags: ReadonlySet<string> };
  /** Latest first. */
  readonly changes: readonly ChangeRow[];
  readonly tagChanges: readonly TagRow[];
}

/** How the image was after an edit; null: after its import. Each part is what the first later change of it found. */
export function stateAfter(edit: number | null, { current, changes, tagChanges }: StateSource): ImageState {
  const isLater = (row: { readonly edit: number }): boolean => edit === null || row.edit > edit;
  let { classId, labels, split, mark, trashedAt } = current;
  for (const row of changes.filter(isLater)) {
    if (row.hasImage === 1) {
      classId = row.classBefore;
      split = row.splitBefore ?? split;
    }
    if (row.hasLabels === 1) labels = row.labelsBefore;
    if (row.hasMark === 1) mark = row.markBefore;
    if (row.hasTrash === 1) trashedAt = row.trashedBefore;
  }
  const tags = new Set(current.tags);
  for (const { tag, isOn } of tagChanges.filter(isLater)) {
    if (isOn === 1) tags.delete(tag);
    else tags.add(tag);
  }
  return { classId, labels, split, mark, trashedAt, tags };
}

/** What an edit did to the tags of the image. */
export function tellTags(rows: readonly TagRow[], edit: number): readonly ImageChange[] {
  return rows
    .filter((row) => row.edit === edit)
    .map(({ tag, isOn }): ImageChange => ({ what: 'tag', tag, isAdded: isOn === 1 }));
}
