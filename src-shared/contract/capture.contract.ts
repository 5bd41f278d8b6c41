import * as v from 'valibot';
import { classIdSchema, imageIdSchema, jobIdSchema, projectIdSchema, uploadIdSchema } from '../domain/ids.ts';
import { command } from './define.ts';
import { importJobSchema } from './import.contract.ts';

/** Pictures that were taken in one go share one: they never come into different splits. */
export const burstIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f-]{8,40}$/), v.brand('BurstId'));
export type BurstId = v.InferOutput<typeof burstIdSchema>;

export const captureContract = {
  'capture.add': command('Take pictures of the camera page into the dataset', {
    input: v.strictObject({
      projectId: projectIdSchema,
      /** The import that earlier pictures of this visit are listed as; null: the first of a visit. */
      session: v.nullable(jobIdSchema),
      /** What the visit is called among the imports. */
      name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(255)),
      classId: v.nullable(classIdSchema),
      burst: burstIdSchema,
      /** Uploaded pictures, in the order in which they were taken. */
      uploads: v.pipe(v.array(uploadIdSchema), v.minLength(1), v.maxLength(64), v.readonly()),
    }),
    output: v.strictObject({
      job: importJobSchema,
      /** Pictures whose content was there already are left out. */
      added: v.pipe(v.array(imageIdSchema), v.readonly()),
    }),
  }),
} as const;
