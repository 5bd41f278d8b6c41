import * as v from 'valibot';
import { backboneNameSchema } from './backbone.ts';
import { projectIdSchema } from './ids.ts';
import { sentenceSchema } from './sentence.ts';

/**
 * How far the frozen features of all images of a project are:
 *
 * idle ─► computing ─► complete (and back, when images come in) · computing ⇄ waiting (a training comes first) · computing ⇄ paused ·
 * computing ─► failed ─► computing
 */
export const featuresStatusSchema = v.pipe(
  v.strictObject({
    projectId: projectIdSchema,
    /** Whose features they are. */
    backbone: backboneNameSchema,
    state: v.picklist(['idle', 'computing', 'waiting', 'paused', 'complete', 'failed']),
    /** Images with features, of all images that can be read. */
    done: v.number(),
    total: v.number(),
    /** Images that cannot be read, and so have none. */
    unread: v.number(),
    /** On disk. */
    bytes: v.number(),
    /** Null while it is not known: not computing, or just begun. */
    imagesPerSecond: v.nullable(v.number()),
    secondsLeft: v.nullable(v.number()),
    /** Why it failed: what, and what to do. */
    reason: v.nullable(sentenceSchema),
  }),
  v.readonly(),
);
export type FeaturesStatus = v.InferOutput<typeof featuresStatusSchema>;
