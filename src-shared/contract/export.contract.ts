import * as v from 'valibot';
import { exportFormatSchema, exportRecordSchema } from '../domain/export.ts';
import { jobIdSchema, projectIdSchema, runIdSchema } from '../domain/ids.ts';
import { sentenceSchema } from '../domain/sentence.ts';
import { command, done, event } from './define.ts';

/** An export under way: writing ─► checking ─► completed | cancelled | failed. Nothing is left of one that fails. */
export const exportJobSchema = v.pipe(
  v.strictObject({
    id: jobIdSchema,
    projectId: projectIdSchema,
    runId: runIdSchema,
    format: exportFormatSchema,
    status: v.picklist(['writing', 'checking', 'completed', 'cancelled', 'failed']),
    value: v.number(),
    record: v.nullable(exportRecordSchema),
    reason: v.nullable(sentenceSchema),
  }),
  v.readonly(),
);
export type ExportJob = v.InferOutput<typeof exportJobSchema>;

export const exportContract = {
  'export.start': command('Export a run and prove it', {
    input: v.strictObject({ projectId: projectIdSchema, runId: runIdSchema, format: exportFormatSchema }),
    output: exportJobSchema,
  }),
  'export.cancel': command('Stop an export', { input: v.strictObject({ jobId: jobIdSchema }), output: done }),
  'export.list': command('Exports of a project, latest first, and those under way', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: v.strictObject({ exports: v.array(exportRecordSchema), jobs: v.array(exportJobSchema) }),
  }),
} as const;

export const exportEvents = {
  'export.changed': event(v.strictObject({ job: exportJobSchema })),
} as const;
