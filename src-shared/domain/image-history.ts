import * as v from 'valibot';
import { splitSchema } from './dataset.ts';
import { editBySchema, editKindSchema } from './dataset-edit.ts';
import { classIdSchema } from './ids.ts';
import { imageMarkSchema, tagSchema } from './image-mark.ts';

/** A class as a history tells it: by the name that it has now, or had last. */
const historyClassSchema = v.pipe(
  v.strictObject({ id: classIdSchema, name: v.string(), isThere: v.boolean() }),
  v.readonly(),
);
export type HistoryClass = v.InferOutput<typeof historyClassSchema>;

const historyClassesSchema = v.pipe(v.array(historyClassSchema), v.readonly());

/** One thing that an edit changed on one image. */
const imageChangeSchema = v.pipe(
  v.variant('what', [
    v.strictObject({
      what: v.literal('class'),
      from: v.nullable(historyClassSchema),
      to: v.nullable(historyClassSchema),
    }),
    /** In multi-label projects; null: not labelled. */
    v.strictObject({
      what: v.literal('labels'),
      from: v.nullable(historyClassesSchema),
      to: v.nullable(historyClassesSchema),
    }),
    /** `from` is null for the split that the image came into. */
    v.strictObject({ what: v.literal('split'), from: v.nullable(splitSchema), to: splitSchema }),
    v.strictObject({
      what: v.literal('mark'),
      from: v.nullable(imageMarkSchema),
      to: v.nullable(imageMarkSchema),
    }),
    v.strictObject({ what: v.literal('tag'), tag: tagSchema, isAdded: v.boolean() }),
    v.strictObject({ what: v.literal('trash'), isIn: v.boolean() }),
  ]),
  v.readonly(),
);
export type ImageChange = v.InferOutput<typeof imageChangeSchema>;

/** Something that happened to an image. */
const historyEntrySchema = v.pipe(
  v.strictObject({
    /** The edit, by which the state after it can be asked for again; null: the import. */
    edit: v.nullable(v.number()),
    kind: v.union([editKindSchema, v.literal('import')]),
    by: editBySchema,
    /** ISO 8601. */
    at: v.string(),
    changes: v.pipe(v.array(imageChangeSchema), v.readonly()),
    /** False for the latest state, which is in place, and for one whose class is gone. */
    canRestore: v.boolean(),
  }),
  v.readonly(),
);
export type HistoryEntry = v.InferOutput<typeof historyEntrySchema>;

/** All that happened to an image and was not undone, latest first; the import is the last. */
export const imageHistorySchema = v.pipe(v.array(historyEntrySchema), v.readonly());
