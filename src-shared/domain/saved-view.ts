import * as v from 'valibot';

/** What a person asked the images page for, under a name: filters, order and size of the pictures. */
export const savedViewSchema = v.pipe(
  v.strictObject({
    /** One view of a project has it. */
    name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
    /** The query of the page's address; names that a page does not know ask for nothing. */
    query: v.pipe(
      v.record(v.pipe(v.string(), v.maxLength(40)), v.pipe(v.string(), v.maxLength(4000))),
      v.maxEntries(40),
    ),
    /** Least width of a cell, in pixels. */
    cellSizePx: v.pipe(v.number(), v.minValue(16), v.maxValue(1024)),
  }),
  v.readonly(),
);
export type SavedView = v.InferOutput<typeof savedViewSchema>;
