import * as v from 'valibot';
import { classNameSchema } from '../../../../src-shared/domain/class-details.ts';
import { classSeparators, type ClassSeparator } from '../../../../src-shared/domain/class-list.ts';
import type { ClassWords } from './class-words.ts';

/** Null for none, undefined for what is no name of a class. */
export function toClassName(cell: string, words: ClassWords | null): string | null | undefined {
  if (cell === '') return null;
  const parsed = v.safeParse(classNameSchema, (words?.find(cell) ?? cell).normalize('NFC'));
  return parsed.success ? parsed.output : undefined;
}

/**
 * The classes of a cell of a multi-label list: a JSON list, or names with a separator between them. Null for an empty cell, which says
 * nothing; no names for the separator alone and for an empty JSON list. Undefined where a name is none.
 */
export function toClassNames(
  cell: string,
  separator: ClassSeparator | null,
  words: ClassWords | null,
): readonly string[] | null | undefined {
  if (cell === '') return null;
  const parts = readJsonList(cell) ?? (separator === null ? [cell] : cell.split(separator));
  const names = parts.map((part) => part.trim()).flatMap((part) => (part === '' ? [] : [toClassName(part, words)]));
  return names.every((name) => typeof name === 'string') ? [...new Set(names)] : undefined;
}

/**
 * The first of the usual separators that any cell has; null where none has any, and where some are JSON lists, which need none. A space
 * stands in names, so that it must be chosen.
 */
export function guessClassSeparator(cells: readonly string[]): ClassSeparator | null {
  if (cells.some((cell) => readJsonList(cell) !== null)) return null;
  return classSeparators.find((one) => one !== ' ' && cells.some((cell) => cell.includes(one))) ?? null;
}

function readJsonList(cell: string): readonly string[] | null {
  if (!cell.startsWith('[')) return null;
  try {
    const parsed = v.safeParse(
      v.array(v.union([v.string(), v.pipe(v.number(), v.transform(String))])),
      JSON.parse(cell),
    );
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
