import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { parseLabels } from '../../storage/dataset/label-sets.ts';
import type { MeasuredImage } from '../../storage/quality-rows.ts';

type Labelled = Pick<MeasuredImage, 'classId' | 'labels'>;

/** The images of each class, in their order; null has those that are not labelled. In multi-label projects an image is in several. */
export function groupByClass<Image extends Labelled>(
  images: readonly Image[],
): ReadonlyMap<ClassId | null, readonly Image[]> {
  const groups = new Map<ClassId | null, Image[]>();
  const parsed = new Map<string, readonly ClassId[]>();
  for (const image of images) {
    for (const classId of classesOf(image, parsed)) {
      const group = groups.get(classId);
      if (group) group.push(image);
      else groups.set(classId, [image]);
    }
  }
  return groups;
}

/** What labels an image, as one text by which equal labels are known; null without any. */
export function labelOf({ classId, labels }: Labelled): string | null {
  return classId ?? labels;
}

/** Few sets of labels among many images: each is read once. */
function classesOf(
  { classId, labels }: Labelled,
  parsed: Map<string, readonly ClassId[]>,
): readonly (ClassId | null)[] {
  if (labels === null) return [classId];
  const known = parsed.get(labels) ?? parseLabels(labels);
  parsed.set(labels, known);
  return known;
}
