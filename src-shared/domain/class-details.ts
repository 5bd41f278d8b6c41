import * as v from 'valibot';

export const classNameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120));

/** How many colours there are for classes; more classes repeat them. */
export const classColorCount = 12;

/** One of `--class-1` … `--class-12`. */
export const classColorSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(classColorCount));

/** The keys that a class can have for good: digits, and the letters that are no command where images are labelled. */
export const classKeys = '123456789ABCDEFHJKLMOPQTVWYZ'.split('');
export const classKeySchema = v.pipe(
  v.string(),
  v.check((key) => classKeys.includes(key), 'Expected ‹a digit from 1 or a letter without a command› for ‹key›'),
);

export const classDescriptionSchema = v.pipe(v.string(), v.trim(), v.maxLength(2000));

/** What of a class is to change; what is left out stays. */
export const classChangeSchema = v.pipe(
  v.strictObject({
    name: v.optional(classNameSchema),
    description: v.optional(classDescriptionSchema),
    /** Null: the automatic one. */
    color: v.optional(v.nullable(classColorSchema)),
    /** Null: none of its own. A class that had the key loses it. */
    key: v.optional(v.nullable(classKeySchema)),
  }),
  v.readonly(),
);
export type ClassChange = v.InferOutput<typeof classChangeSchema>;

/** The colour of a class that has none of its own: by the number it was made with, so that neither order nor name changes it. */
export function automaticColor(number: number): number {
  return (number % classColorCount) + 1;
}
