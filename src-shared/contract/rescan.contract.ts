import * as v from 'valibot';
import { folderTokenSchema, projectIdSchema } from '../domain/ids.ts';
import { command, done } from './define.ts';
import { importJobSchema } from './import.contract.ts';

/** Files that came to a folder after it was imported. */
export const newFilesSchema = v.pipe(
  v.strictObject({
    folder: folderTokenSchema,
    name: v.string(),
    /** For people to read; never an input. */
    path: v.string(),
    /** Pictures and archives by their names. */
    count: v.number(),
    /** The first of them, at most three, below the folder. */
    names: v.pipe(v.array(v.string()), v.readonly()),
  }),
  v.readonly(),
);
export type NewFiles = v.InferOutput<typeof newFilesSchema>;

export const rescanContract = {
  'rescan.find': command('Look for files that came to folders after they were imported', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: v.strictObject({ folders: v.pipe(v.array(newFilesSchema), v.readonly()) }),
  }),
  'rescan.start': command('Import what came to a folder since it was imported last', {
    input: v.strictObject({ projectId: projectIdSchema, folder: folderTokenSchema }),
    output: importJobSchema,
  }),
  'rescan.ignore': command('Take what is in an imported folder now for seen, without importing it', {
    input: v.strictObject({ projectId: projectIdSchema, folder: folderTokenSchema }),
    output: done,
  }),
} as const;
