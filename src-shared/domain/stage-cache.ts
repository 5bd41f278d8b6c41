import * as v from 'valibot';
import { sentenceSchema } from './sentence.ts';

/** What becomes of the stages below those that learn: computed once for each image and kept, or run in every step, and why. */
export const stageCacheSchema = v.variant('kind', [
  v.pipe(
    v.strictObject({
      kind: v.literal('used'),
      /** The layer whose output is kept. */
      layer: v.string(),
      /** On disk, for all images and variants. */
      bytes: v.number(),
    }),
    v.readonly(),
  ),
  v.pipe(v.strictObject({ kind: v.literal('skipped'), reason: sentenceSchema }), v.readonly()),
]);
export type StageCache = v.InferOutput<typeof stageCacheSchema>;

/** The layer whose kept output batches begin with; null where they begin with pixels. */
export function cachedLayerOf(stageCache: StageCache | null): string | null {
  return stageCache?.kind === 'used' ? stageCache.layer : null;
}
