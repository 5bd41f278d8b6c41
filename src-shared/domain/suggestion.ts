import * as v from 'valibot';
import { backboneNameSchema } from './backbone.ts';
import { wilsonInterval } from './evaluation.ts';
import { classIdSchema, imageIdSchema, projectIdSchema } from './ids.ts';
import { sentenceSchema } from './sentence.ts';

const fraction = v.number();

/** In which order images without a label are asked about. */
export const queueOrderSchema = v.picklist(['unsure', 'diverse', 'mixed']);
export type QueueOrder = v.InferOutput<typeof queueOrderSchema>;

/** A class for an image. */
export const imageClassSchema = v.pipe(
  v.strictObject({ imageId: imageIdSchema, classId: classIdSchema }),
  v.readonly(),
);
export type ImageClass = v.InferOutput<typeof imageClassSchema>;

/** What the head says of an image without a label. */
export const suggestedLabelSchema = v.pipe(
  v.strictObject({
    imageId: imageIdSchema,
    classId: classIdSchema,
    /** Calibrated probability of the class. */
    confidence: fraction,
  }),
  v.readonly(),
);
export type SuggestedLabel = v.InferOutput<typeof suggestedLabelSchema>;

/** A label that is likely wrong, with out-of-fold probabilities of its class and the likelier one. */
export const suspectLabelSchema = v.pipe(
  v.strictObject({
    imageId: imageIdSchema,
    given: classIdSchema,
    likely: classIdSchema,
    givenShare: fraction,
    likelyShare: fraction,
  }),
  v.readonly(),
);
export type SuspectLabel = v.InferOutput<typeof suspectLabelSchema>;

/** How the head did on the test set when it had learned from so many labels. */
export const labelEffectSchema = v.pipe(
  v.strictObject({ at: v.string(), labels: v.number(), correct: v.number(), total: v.number() }),
  v.readonly(),
);
export type LabelEffect = v.InferOutput<typeof labelEffectSchema>;

/** The head that suggests, as it last learned. */
export const suggestingModelSchema = v.pipe(
  v.strictObject({
    labels: v.number(),
    learnedAt: v.string(),
    seconds: v.number(),
    /** Labelled images judged by heads that did not learn from them; null until that is done. */
    outOfFold: v.nullable(v.pipe(v.strictObject({ right: v.number(), total: v.number() }), v.readonly())),
  }),
  v.readonly(),
);

/** How many equal parts of 0 … 1 the histogram of confidences has. */
export const histogramBins = 20;

/**
 * What suggestions are there: off ─► features (are being computed) ─► few-labels ⇄ learning ⇄ ready · any ─► failed.
 *
 * `version` rises with every change, and everything that is asked for says which it is of.
 */
export const suggestionStateSchema = v.pipe(
  v.strictObject({
    projectId: projectIdSchema,
    version: v.number(),
    state: v.picklist(['off', 'features', 'few-labels', 'learning', 'ready', 'failed']),
    reason: v.nullable(sentenceSchema),
    backbone: backboneNameSchema,
    model: v.nullable(suggestingModelSchema),
    /** Images without a label outside of the test set, and how many of them have a suggestion. */
    unlabelled: v.number(),
    suggested: v.number(),
    /** Images of the test set without a label: nothing is suggested for them. */
    unlabelledTests: v.number(),
    /** Suggestions by confidence. */
    histogram: v.pipe(v.array(v.number()), v.readonly()),
    suspects: v.number(),
    order: queueOrderSchema,
    /** The first images of the queue. */
    next: v.pipe(v.array(imageIdSchema), v.readonly()),
    effects: v.pipe(v.array(labelEffectSchema), v.readonly()),
    labelled: v.number(),
    /** Labels that are a suggestion which was accepted. */
    fromModel: v.number(),
  }),
  v.readonly(),
);
export type SuggestionState = v.InferOutput<typeof suggestionStateSchema>;

/** What accepting everything from a confidence on means. */
export const acceptPreviewSchema = v.pipe(
  v.strictObject({
    version: v.number(),
    count: v.number(),
    /** Labelled images, judged out of fold, of which the head was as sure, and how many of them it had right. */
    right: v.number(),
    judged: v.number(),
    /** Wrong ones among `count`: expected, and by the upper end of the 95 % interval. Null without judged images. */
    expectedWrong: v.nullable(v.number()),
    mostWrong: v.nullable(v.number()),
    /** By class, most first. */
    gains: v.pipe(
      v.array(v.pipe(v.strictObject({ classId: classIdSchema, count: v.number() }), v.readonly())),
      v.readonly(),
    ),
  }),
  v.readonly(),
);
export type AcceptPreview = v.InferOutput<typeof acceptPreviewSchema>;

/** Counts by `histogramBins` equal parts of 0 … 1; 1 belongs to the last. */
export function histogramOf(confidences: readonly number[]): readonly number[] {
  const bins = Array.from({ length: histogramBins }, () => 0);
  for (const confidence of confidences) {
    const bin = Math.min(histogramBins - 1, Math.floor(confidence * histogramBins));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

/**
 * How many of `count` labels are likely wrong when of `judged` labelled images that the head was as sure of it had `right` right: the expected
 * number rounded, and the most by Wilson's 95 % interval, rounded up. It holds as far as the images without a label are like those
 * with one.
 */
export function expectWrong(
  count: number,
  right: number,
  judged: number,
): Pick<AcceptPreview, 'expectedWrong' | 'mostWrong'> {
  if (judged === 0) return { expectedWrong: null, mostWrong: null };
  const [lowest] = wilsonInterval(right, judged);
  return {
    expectedWrong: Math.round(count * (1 - right / judged)),
    mostWrong: Math.min(count, Math.ceil(count * (1 - lowest) - 1e-9)),
  };
}
