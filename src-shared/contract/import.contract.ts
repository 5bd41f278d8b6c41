import * as v from 'valibot';
import { splitRatiosSchema } from '../domain/dataset.ts';
import { folderTokenSchema, imageIdSchema, jobIdSchema, projectIdSchema } from '../domain/ids.ts';
import { sentenceSchema } from '../domain/sentence.ts';
import { command, done, event } from './define.ts';

export const skippedFileSchema = v.pipe(
  v.strictObject({
    /** Below the imported folder, forward slashes. */
    file: v.string(),
    /** What is wrong with it and what to do, in one sentence. */
    reason: sentenceSchema,
  }),
  v.readonly(),
);
export type SkippedFile = v.InferOutput<typeof skippedFileSchema>;

/**
 * An import: running ─► completed | cancelled | failed. What is in stays in.
 */
export const importJobSchema = v.pipe(
  v.strictObject({
    id: jobIdSchema,
    projectId: projectIdSchema,
    /** The folder's name, for people. */
    folder: v.string(),
    status: v.picklist(['running', 'completed', 'cancelled', 'failed']),
    /** Files looked at, of all found; total is 0 while they are being counted. */
    done: v.number(),
    total: v.number(),
    imported: v.number(),
    /** Files whose content the project already has. */
    duplicates: v.number(),
    skipped: v.pipe(v.array(skippedFileSchema), v.readonly()),
    classesAdded: v.number(),
    /** The latest images that came in, newest last, at most 24. */
    latest: v.pipe(v.array(imageIdSchema), v.readonly()),
    secondsLeft: v.nullable(v.number()),
    startedAt: v.string(),
    endedAt: v.nullable(v.string()),
    /** Why it failed. */
    reason: v.nullable(sentenceSchema),
  }),
  v.readonly(),
);
export type ImportJob = v.InferOutput<typeof importJobSchema>;

/** An upload batch: files that the page sends one by one before it starts their import. */
export const uploadBatchIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-zA-Z_-]{16,64}$/), v.brand('UploadBatchId'));
export type UploadBatchId = v.InferOutput<typeof uploadBatchIdSchema>;

export const importContract = {
  'import.start': command('Import a folder of images: folder names become classes', {
    input: v.strictObject({
      projectId: projectIdSchema,
      folder: folderTokenSchema,
      ratios: v.nullable(splitRatiosSchema),
    }),
    output: importJobSchema,
  }),
  'import.startUpload': command('Import the files of an upload batch', {
    input: v.strictObject({ projectId: projectIdSchema, batch: uploadBatchIdSchema }),
    output: importJobSchema,
  }),
  'import.list': command('Imports of this session, latest first', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: v.strictObject({ imports: v.array(importJobSchema) }),
  }),
  'import.cancel': command('Stop an import; what is in stays in', {
    input: v.strictObject({ jobId: jobIdSchema }),
    output: done,
  }),
} as const;

export const importEvents = {
  'import.changed': event(v.strictObject({ job: importJobSchema })),
} as const;
