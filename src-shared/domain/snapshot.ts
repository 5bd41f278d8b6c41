import * as v from 'valibot';
import { snapshotIdSchema } from './ids.ts';

/**
 * Why a snapshot was taken: the project was opened, labels changed, an earlier state was about to be put in its place, or a person asked
 * for it.
 */
export const snapshotReasonSchema = v.picklist(['opened', 'changed', 'restoring', 'asked']);
export type SnapshotReason = v.InferOutput<typeof snapshotReasonSchema>;

/** What happened since a snapshot, in numbers of images. */
export const snapshotDifferenceSchema = v.pipe(
  v.strictObject({
    imagesAdded: v.number(),
    imagesGone: v.number(),
    /** Images that are in both with classes of other names, or with one in one of the two. */
    labelsChanged: v.number(),
  }),
  v.readonly(),
);
export type SnapshotDifference = v.InferOutput<typeof snapshotDifferenceSchema>;

/** An earlier state of a project that can be put back. */
export const snapshotSchema = v.pipe(
  v.strictObject({
    id: snapshotIdSchema,
    /** ISO 8601. */
    at: v.string(),
    reason: snapshotReasonSchema,
    images: v.number(),
    /** Images with a label. */
    labelled: v.number(),
    classes: v.number(),
    pipelines: v.number(),
    sizeBytes: v.number(),
    /** What happened since; null where the present state cannot be read. */
    since: v.nullable(snapshotDifferenceSchema),
  }),
  v.readonly(),
);
export type Snapshot = v.InferOutput<typeof snapshotSchema>;
