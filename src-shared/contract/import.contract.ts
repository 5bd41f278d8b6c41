import * as v from 'valibot';
import { splitRatiosSchema } from '../domain/dataset.ts';
import { classIdSchema, folderTokenSchema, imageIdSchema, jobIdSchema, projectIdSchema } from '../domain/ids.ts';
import { sentenceSchema } from '../domain/sentence.ts';
import { command, done, event } from './define.ts';

export const skippedFileSchema = v.pipe(
  v.strictObject({
    /** Below the imported folder, forward slashes; in an archive, below the archive. */
    file: v.string(),
    /** What is wrong with it and what to do, in one sentence. */
    reason: sentenceSchema,
  }),
  v.readonly(),
);
export type SkippedFile = v.InferOutput<typeof skippedFileSchema>;

/**
 * An import. What is in stays in.
 *
 *     running ◄─► paused
 *        │           │
 *        ├───────────┴─► cancelled | interrupted (Graft ended) ─► running
 *        └─► completed | failed ─► running
 */
export const importJobSchema = v.pipe(
  v.strictObject({
    id: jobIdSchema,
    projectId: projectIdSchema,
    /** What was imported, for people: a folder's or a file's name. */
    name: v.string(),
    status: v.picklist(['running', 'paused', 'interrupted', 'completed', 'cancelled', 'failed']),
    /** Files looked at, of all found; total is 0 while they are being counted. */
    done: v.number(),
    total: v.number(),
    imported: v.number(),
    /** Files whose content the project already has. */
    duplicates: v.number(),
    /** Files that were left out; `import.listSkipped` says which and why. */
    skipped: v.number(),
    classesAdded: v.number(),
    /** Images that were there and got another class or split from a list. */
    labelled: v.optional(v.number(), 0),
    /** The latest images that came in, newest last, at most 24. */
    latest: v.pipe(v.array(imageIdSchema), v.readonly()),
    /** Of the last seconds; null while nothing can be said. */
    filesPerSecond: v.nullable(v.number()),
    bytesPerSecond: v.nullable(v.number()),
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

const importNameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(255));
const ofProject = { projectId: projectIdSchema };

export const importContract = {
  'import.start': command('Import folders, zip archives or image files: folder names become classes', {
    input: v.strictObject({
      ...ofProject,
      /** Tokens of folders, or of files where the host hands out those. */
      sources: v.pipe(v.array(folderTokenSchema), v.minLength(1), v.maxLength(200), v.readonly()),
      ratios: v.nullable(splitRatiosSchema),
    }),
    output: importJobSchema,
  }),
  'import.recognise': command('Say what a chosen folder, archive or file is before it is imported', {
    input: v.strictObject({ source: folderTokenSchema }),
    /** `project`: a Graft project, whose images come with `import.startProject`. */
    output: v.strictObject({ kind: v.picklist(['project', 'images']) }),
  }),
  'import.startUpload': command('Import the files of an upload batch', {
    input: v.strictObject({
      ...ofProject,
      batch: uploadBatchIdSchema,
      name: importNameSchema,
      /** The class of files that lie in no class folder; null: none. */
      classId: v.nullable(classIdSchema),
    }),
    output: importJobSchema,
  }),
  'import.list': command('The imports of a project, latest first, also of earlier sessions', {
    input: v.strictObject(ofProject),
    output: v.strictObject({ imports: v.array(importJobSchema) }),
  }),
  'import.listSkipped': command('Files that an import left out, with the reasons, by name', {
    input: v.strictObject({
      ...ofProject,
      jobId: jobIdSchema,
      offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000)),
      /** Part of a file's path, in any case; empty for all. */
      search: v.pipe(v.string(), v.maxLength(255)),
      /** The name of a reason's sentence; null for all. */
      reason: v.nullable(v.pipe(v.string(), v.maxLength(120))),
    }),
    output: v.strictObject({
      /** How many match. */
      total: v.number(),
      skipped: v.pipe(v.array(skippedFileSchema), v.readonly()),
      /** How often each reason stands in the whole report, most often first. */
      reasons: v.pipe(
        v.array(v.pipe(v.strictObject({ reason: sentenceSchema, count: v.number() }), v.readonly())),
        v.readonly(),
      ),
    }),
  }),
  'import.pause': command('Hold an import after the files at hand; it waits until it is resumed', {
    input: v.strictObject({ ...ofProject, jobId: jobIdSchema }),
    output: done,
  }),
  'import.resume': command('Go on with an import that was paused, interrupted, or failed; nothing comes in twice', {
    input: v.strictObject({ ...ofProject, jobId: jobIdSchema }),
    output: importJobSchema,
  }),
  'import.takeBack': command(
    'Move all images that an import brought in to the trash, as one change that can be undone',
    {
      input: v.strictObject({ ...ofProject, jobId: jobIdSchema }),
      output: v.strictObject({ revision: v.number(), changed: v.number() }),
    },
  ),
  'import.cancel': command('End an import for good; what is in stays in', {
    input: v.strictObject({ ...ofProject, jobId: jobIdSchema }),
    output: done,
  }),
} as const;

export const importEvents = {
  'import.changed': event(v.strictObject({ job: importJobSchema })),
} as const;
