import * as v from 'valibot';

/** What stands between the names of classes in a cell of a list. */
export const classSeparatorSchema = v.picklist(['|', ';', ',', ' ']);
export type ClassSeparator = v.InferOutput<typeof classSeparatorSchema>;
export const classSeparators = classSeparatorSchema.options;

/**
 * Names of classes as one text, which an import takes apart again: `cat|dog`, `|` for none of them, empty for an image that is not labelled.
 * Where any name of the project has a separator in it, all are JSON lists.
 */
export function joinClassNames(names: readonly string[] | null, allNames: readonly string[]): string {
  if (names === null) return '';
  const isPlain = !allNames.some((name) => /[|;,]|^\[/.test(name));
  if (!isPlain) return JSON.stringify(names);
  return names.length === 0 ? '|' : names.join('|');
}
