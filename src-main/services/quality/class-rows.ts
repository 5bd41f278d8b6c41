import type { DatasetClass } from '../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import type { ClassRow } from '../../../src-shared/domain/quality.ts';
import { pickEvenly } from '../../../src-shared/lib/pick-evenly.ts';
import type { MeasuredImage } from '../../storage/quality-rows.ts';
import { groupByClass } from './group-by-class.ts';

const exampleCount = 8;

/** How many images each class has in each split, with a few of them from all over the class. */
export function countClasses(images: readonly MeasuredImage[], classes: readonly DatasetClass[]): readonly ClassRow[] {
  const byClass = groupByClass(images);
  const ids: readonly (ClassId | null)[] = [
    ...classes.toSorted((a, b) => a.order - b.order).map(({ id }) => id),
    ...(byClass.has(null) ? [null] : []),
  ];
  return ids.map((classId) => {
    const own = byClass.get(classId) ?? [];
    const counts = { training: 0, validation: 0, test: 0 };
    for (const { split } of own) counts[split] += 1;
    return { classId, ...counts, examples: pickEvenly(own, exampleCount).map(({ id }) => id) };
  });
}
