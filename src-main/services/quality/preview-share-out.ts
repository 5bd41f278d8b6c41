import type { ShareOutPreview } from '../../../src-shared/contract/quality.contract.ts';
import { splits as allSplits, type DatasetClass, type Split } from '../../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { ClassShares } from '../../../src-shared/domain/quality.ts';
import type { MeasuredImage } from '../../storage/quality-rows.ts';
import { groupByClass } from './group-by-class.ts';

export interface PreviewMaterial {
  readonly images: readonly Pick<MeasuredImage, 'id' | 'classId' | 'labels' | 'split'>[];
  readonly classes: readonly Pick<DatasetClass, 'id' | 'order'>[];
  /** Each image in one at most. */
  readonly groups: readonly (readonly ImageId[])[];
  /** Where the images would be that may be placed. */
  readonly splits: ReadonlyMap<ImageId, Split>;
}

/** Counts what a share-out would do. */
export function previewShareOut({
  images,
  classes,
  groups,
  splits,
}: PreviewMaterial): Omit<ShareOutPreview, 'isComplete'> {
  const now = new Map(images.map(({ id, split }) => [id, split]));
  const then = new Map(images.map(({ id, split }) => [id, splits.get(id) ?? split]));
  const byClass = groupByClass(images);
  const order: readonly (ClassId | null)[] = [
    ...classes.toSorted((a, b) => a.order - b.order).map(({ id }) => id),
    ...(byClass.has(null) ? [null] : []),
  ];
  return {
    classes: order.map((classId) => countShares(classId, byClass.get(classId) ?? [], then)),
    moved: images.filter(({ id, split }) => then.get(id) !== split).length,
    groups: groups.length,
    groupedImages: groups.reduce((sum, group) => sum + group.length, 0),
    leaksNow: countLeaks(groups, now),
    leaksThen: countLeaks(groups, then),
  };
}

function countShares(
  classId: ClassId | null,
  images: readonly { readonly id: ImageId }[],
  splits: ReadonlyMap<ImageId, Split>,
): ClassShares {
  const counts = { training: 0, validation: 0, test: 0 };
  for (const { id } of images) {
    const split = splits.get(id);
    if (split !== undefined) counts[split] += 1;
  }
  return { classId, ...counts };
}

function countLeaks(
  groups: readonly (readonly ImageId[])[],
  splits: ReadonlyMap<ImageId, Split>,
): ShareOutPreview['leaksNow'] {
  const leaks = groups.filter(
    (group) => allSplits.filter((split) => group.some((id) => splits.get(id) === split)).length > 1,
  );
  return { groups: leaks.length, images: leaks.reduce((sum, group) => sum + group.length, 0) };
}
