import * as v from 'valibot';

/** How many classes an image has: one, or any number with none among them. A project is of one kind for good. */
export const labellingSchema = v.picklist(['single-label', 'multi-label']);
export type Labelling = v.InferOutput<typeof labellingSchema>;

/** Sigmoid probabilities from here on count as “it is there”. */
export const presenceThreshold = 0.5;
