import * as v from 'valibot';
import { classIdSchema, type ClassId } from '../../../src-shared/domain/ids.ts';
import type { DictionaryColumn } from './dictionary-column.ts';

/** The classes of an image of a multi-label project as its column has them: a sorted JSON list, null before it is labelled. */
export type LabelText = string | null;

/** What stands for “none of the classes” where an address names classes. */
export const noneOfThem = 'none';

const listSchema = v.array(classIdSchema);
const parsed = new Map<string, readonly ClassId[]>();

/** Few different lists among many images: each is read once. */
export function classesOf(labels: LabelText): readonly ClassId[] | null {
  if (labels === null) return null;
  const known = parsed.get(labels);
  if (known) return known;
  const list = v.parse(listSchema, JSON.parse(labels));
  parsed.set(labels, list);
  return list;
}

/** As core writes a list. */
export function labelTextOf(classIds: readonly ClassId[] | null): LabelText {
  return classIds && JSON.stringify([...new Set(classIds)].toSorted());
}

/** A list with a class or without it, as core changes it: without its last class it is not labelled. */
export function withClass(labels: LabelText, classId: ClassId, isOn: boolean): LabelText {
  const others = (classesOf(labels) ?? []).filter((one) => one !== classId);
  if (isOn) return labelTextOf([...others, classId]);
  return others.length === 0 && labels !== '[]' ? null : labelTextOf(others);
}

/** What a filter by classes finds an image by: its class, or its classes, or `noneOfThem`. */
export function classChoicesOf(label: string | null): readonly string[] {
  if (label === null) return [];
  if (!label.startsWith('[')) return [label];
  const classes = classesOf(label) ?? [];
  return classes.length === 0 ? [noneOfThem] : classes;
}

/** How many images have each class. */
export function countByClass(labels: DictionaryColumn<LabelText>): ReadonlyMap<ClassId, number> {
  const counts = new Map<ClassId, number>();
  for (const [text, images] of labels.counts()) {
    for (const classId of classesOf(text) ?? []) counts.set(classId, (counts.get(classId) ?? 0) + images);
  }
  return counts;
}

/** Of some images, how many have each class; those that none of them has are left out. */
export function countInRows(labels: DictionaryColumn<LabelText>, rows: Uint32Array): ReadonlyMap<ClassId, number> {
  const byCode = new Uint32Array(labels.codeCount);
  const exampleOf = new Int32Array(labels.codeCount).fill(-1);
  for (const row of rows) {
    const code = labels.codeAt(row);
    byCode[code] = (byCode[code] ?? 0) + 1;
    exampleOf[code] = row;
  }
  const counts = new Map<ClassId, number>();
  for (const [code, images] of byCode.entries()) {
    const example = exampleOf[code] ?? -1;
    if (images === 0 || example === -1) continue;
    for (const classId of classesOf(labels.at(example)) ?? []) counts.set(classId, (counts.get(classId) ?? 0) + images);
  }
  return counts;
}

/** Gives rows what `next` makes of their lists; answers the function that takes it back. */
export function changeLabels(
  labels: DictionaryColumn<LabelText>,
  rows: Uint32Array,
  next: (labels: LabelText) => LabelText,
): () => void {
  const before = rows.map((row) => labels.codeAt(row));
  const byCode = Map.groupBy(rows, (row) => labels.codeAt(row));
  for (const same of byCode.values()) labels.set(Uint32Array.from(same), next(labels.at(same[0] ?? 0)));
  return () => labels.restore(rows, before);
}
