import * as v from 'valibot';
import { backboneNameSchema } from './backbone.ts';
import { projectIdSchema } from './ids.ts';
import type { ImageColumnSpec } from './image-columns.ts';
import { sentenceSchema } from './sentence.ts';

/** What a map is being drawn by: which images are like which, where they go, and where those beyond the sample go. */
export const mapStageSchema = v.picklist(['neighbours', 'places', 'rest']);
export type MapStage = v.InferOutput<typeof mapStageSchema>;

/** Images that a map is worked out from; the others of a larger project are placed among them. */
export const mapSample = 10_000;

/** Fewer images with features are no map. */
export const leastMapped = 16;

/**
 * The map of a project's images: none ─► drawing ─► ready (and back, when it is drawn anew) · drawing ─► failed.
 *
 * A map that was drawn before stays while another one is being drawn.
 */
export const mapStatusSchema = v.pipe(
  v.strictObject({
    projectId: projectIdSchema,
    state: v.picklist(['none', 'drawing', 'ready', 'failed']),
    /** Rises with every map that was drawn. */
    version: v.number(),
    backbone: backboneNameSchema,
    /** Images with a place, and images that have features by now. */
    placed: v.number(),
    features: v.number(),
    stage: v.nullable(mapStageSchema),
    /** Of the whole work, 0 … 1; null while nothing is drawn. */
    value: v.nullable(v.number()),
    /** Why it failed: what, and what to do. */
    reason: v.nullable(sentenceSchema),
  }),
  v.readonly(),
);
export type MapStatus = v.InferOutput<typeof mapStatusSchema>;

/** Where images lie on the map, in its own unit. */
export const mapColumns = {
  id: { kind: 'id' },
  x: { kind: 'number', type: 'f32' },
  y: { kind: 'number', type: 'f32' },
} as const satisfies Readonly<Record<string, ImageColumnSpec>>;
