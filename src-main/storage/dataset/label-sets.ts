import type { ClassId } from '../../../src-shared/domain/ids.ts';

/**
 * The classes of an image of a multi-label project as `images.labels` has them: a JSON list of ids, each once, sorted, so that equal sets are
 * equal texts. NULL: not labelled yet, which is not the same as an empty list.
 */
export type LabelList = string;

export function toLabels(classIds: Iterable<ClassId>): LabelList {
  return JSON.stringify([...new Set(classIds)].toSorted());
}

/** What `toLabels` or SQL made of classes. */
export function parseLabels(labels: LabelList): readonly ClassId[] {
  return JSON.parse(labels) as readonly ClassId[];
}

/** SQL that is true where a list has the class of its one hole. */
export function labelsHold(list: string): string {
  return `EXISTS (SELECT 1 FROM json_each(${list}) WHERE value = ?)`;
}

/** SQL for a list with the class of its one hole. */
export function labelsWith(list: string): string {
  return `(SELECT json_group_array(value ORDER BY value) FROM (SELECT value FROM json_each(${list}) UNION SELECT ?))`;
}

/** SQL for a list without the class of its one hole; NULL in place of an empty one: only a person says that an image has no class. */
export function labelsWithout(list: string): string {
  return `(SELECT nullif(json_group_array(value ORDER BY value), '[]') FROM json_each(${list}) WHERE value <> ?)`;
}

/** Tells of each of these lists the class that fewest of them have; of equals the first. Null for an empty list. */
export function rarestOf(lists: readonly LabelList[]): (list: LabelList) => ClassId | null {
  const parsed = new Map([...Map.groupBy(lists, (list) => list)].map(([list, same]) => [list, same.length]));
  const counts = new Map<ClassId, number>();
  for (const [list, count] of parsed) {
    for (const classId of parseLabels(list)) counts.set(classId, (counts.get(classId) ?? 0) + count);
  }
  return (list) =>
    parseLabels(list).reduce<ClassId | null>(
      (rarest, classId) =>
        rarest !== null && (counts.get(rarest) ?? 0) <= (counts.get(classId) ?? 0) ? rarest : classId,
      null,
    );
}
