import * as v from 'valibot';
import { preprocessingSchema } from './preprocessing.ts';

/** What an exported page carries besides its script and the weights. */
export const pageDataSchema = v.pipe(
  v.strictObject({
    title: v.string(),
    labels: v.array(v.string()),
    preprocessing: preprocessingSchema,
    /** The text of tfjs/model.json. */
    modelJson: v.string(),
  }),
  v.readonly(),
);
export type PageData = v.InferOutput<typeof pageDataSchema>;

/** Ids of the page's elements that carry data. */
export const pageElements = { data: 'graft-data', weights: 'graft-weights', app: 'graft-app' } as const;
