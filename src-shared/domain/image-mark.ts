import * as v from 'valibot';

/**
 * What a person notes on an image instead of, or beside, a class. A mark is no label.
 *
 * `skip`: not for training, whatever its label; it does not count as waiting for one either. `unsure`: to be looked at again; it trains
 * when it has a label.
 */
export const imageMarkSchema = v.picklist(['skip', 'unsure']);
export type ImageMark = v.InferOutput<typeof imageMarkSchema>;
export const imageMarks = imageMarkSchema.options;

/** A word or a few on an image; case counts, spaces around do not. */
export const tagSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60));
