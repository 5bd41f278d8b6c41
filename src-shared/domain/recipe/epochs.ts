import * as v from 'valibot';

/** No training, and no part of one, is longer. */
export const mostEpochs = 10_000;

/** A whole number of passes over the training images, 1 … `mostEpochs`. */
export const epochsSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostEpochs));

/** The same where none is possible too. */
export const epochsOrNoneSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(mostEpochs));
