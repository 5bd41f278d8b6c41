import * as v from 'valibot';
import { imageSchema } from './dataset.ts';

/** An image in the trash. */
export const trashedImageSchema = v.pipe(
  v.strictObject({
    ...imageSchema.pipe[0].entries,
    /** ISO 8601. */
    trashedAt: v.string(),
  }),
  v.readonly(),
);
export type TrashedImage = v.InferOutput<typeof trashedImageSchema>;
