import * as v from 'valibot';
import { classIdSchema, runIdSchema } from './ids.ts';
import { dictionary, type ImageColumnSpec } from './image-columns.ts';

/** Who judges images: the head that learns beside labelling, or a run with the predictions that it left. */
export const judgeSchema = v.union([v.literal('head'), runIdSchema]);
export type Judge = v.InferOutput<typeof judgeSchema>;

/**
 * What a judge says of images, column by column. The head judges a labelled image only by heads that did not learn from it; a run judges
 * the validation and test images of its end.
 */
export const judgementColumns = {
  id: { kind: 'id' },
  /** The likeliest class. */
  predicted: dictionary(classIdSchema),
  /** Its probability. */
  confidence: { kind: 'number', type: 'f32' },
  /** Less that of the second class. */
  margin: { kind: 'number', type: 'f32' },
  /** −ln of the probability of the label as it was when it was judged; NaN without a label. */
  loss: { kind: 'number', type: 'f32' },
} as const satisfies Readonly<Record<string, ImageColumnSpec>>;
export type JudgementColumnName = keyof typeof judgementColumns;

/** How like one image all others are. */
export const similarityColumns = {
  id: { kind: 'id' },
  /** Cosine of the angle between their features, −1 … 1. */
  similarity: { kind: 'number', type: 'f32' },
} as const satisfies Readonly<Record<string, ImageColumnSpec>>;
