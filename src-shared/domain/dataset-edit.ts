import * as v from 'valibot';

export const editKindSchema = v.picklist([
  'set-label',
  'clear-label',
  'put-class',
  'take-class',
  'set-labels',
  'set-mark',
  'clear-mark',
  'change-tags',
  'trash',
  'restore',
  'restore-state',
  'add-class',
  'rename-class',
  'change-class',
  'order-classes',
  'merge-class',
  'delete-class',
  'share-out',
  'accept-labels',
  'import-labels',
]);
export type EditKind = v.InferOutput<typeof editKindSchema>;

/** Who decided it: a person, what came with an import, or a model whose suggestion was taken. */
export const editBySchema = v.picklist(['person', 'import', 'model']);
export type EditBy = v.InferOutput<typeof editBySchema>;

/** One undoable change, told in numbers; words are the page's. */
export const datasetEditSchema = v.pipe(
  v.strictObject({
    kind: editKindSchema,
    by: editBySchema,
    imageCount: v.number(),
    className: v.nullable(v.string()),
    /** The class that another's images went to, the mark that was set, the tags that were put on or taken off; else null. */
    detail: v.nullable(v.string()),
    at: v.string(),
  }),
  v.readonly(),
);
export type DatasetEdit = v.InferOutput<typeof datasetEditSchema>;
