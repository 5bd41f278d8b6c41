import * as v from 'valibot';
import { backboneNameSchema } from '../domain/backbone.ts';
import { judgeSchema } from '../domain/judgement.ts';

// First frames of the byte routes `judgements` and `similar`; the blocks after them are as dataset-stream.ts says.

/** Whose judgements follow, and what they come from. */
export const judgementHeadSchema = v.pipe(
  v.strictObject({
    judge: judgeSchema,
    /** Labels that the head learned from; null for a run. */
    labels: v.nullable(v.number()),
    /** When it learned or ended. */
    at: v.nullable(v.string()),
    /** Judged images, some of which may be gone from the dataset. */
    count: v.number(),
  }),
  v.readonly(),
);
export type JudgementHead = v.InferOutput<typeof judgementHeadSchema>;

/** Of which backbone's features, and of how many images. */
export const similarityHeadSchema = v.pipe(
  v.strictObject({ backbone: backboneNameSchema, count: v.number() }),
  v.readonly(),
);
export type SimilarityHead = v.InferOutput<typeof similarityHeadSchema>;
