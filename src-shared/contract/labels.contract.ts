import * as v from 'valibot';
import { labelFormatSchema } from '../domain/label-format.ts';
import { folderTokenSchema, projectIdSchema } from '../domain/ids.ts';
import { command } from './define.ts';

export const labelsContract = {
  'labels.export': command(
    'Write the labels of a project, with copies of its images where the format has them, into a new folder',
    {
      input: v.strictObject({
        projectId: projectIdSchema,
        /** In which the new folder is made. */
        folder: folderTokenSchema,
        /** What the new folder is called; null: after the project. It must not be there yet. */
        name: v.nullable(
          v.pipe(
            v.string(),
            v.minLength(1),
            v.maxLength(200),
            v.regex(/^[^\\/\0]+$/),
            v.notValue('.'),
            v.notValue('..'),
          ),
        ),
        format: labelFormatSchema,
      }),
      output: v.strictObject({
        /** For people to read. */
        path: v.string(),
        imageCount: v.number(),
      }),
    },
  ),
} as const;
