import * as v from 'valibot';
import { exportIdSchema, folderTokenSchema, projectIdSchema } from '../domain/ids.ts';
import { command, done, event, nothing } from './define.ts';

/** What the host in front of core answers itself: windows, dialogs, the system's file manager. */
export const hostContract = {
  'host.describe': command('What this host can do', {
    input: nothing,
    output: v.strictObject({
      kind: v.picklist(['electron', 'browser']),
      hasNativeDialogs: v.boolean(),
      version: v.string(),
    }),
  }),
  'host.pickFolder': command('Choose a folder with the system’s dialog; null when the person closes it', {
    input: v.strictObject({ purpose: v.picklist(['import', 'open', 'create', 'model']) }),
    output: v.nullable(v.strictObject({ token: folderTokenSchema, name: v.string() })),
  }),
  'host.pickSources': command(
    'Choose what to import with the system’s dialog, several at once; none when the person closes it',
    {
      input: v.strictObject({ kind: v.picklist(['folders', 'files']) }),
      output: v.pipe(v.array(v.strictObject({ token: folderTokenSchema, name: v.string() })), v.readonly()),
    },
  ),
  'host.revealExport': command('Show an export in the system’s file manager', {
    input: v.strictObject({ projectId: projectIdSchema, exportId: exportIdSchema }),
    output: done,
  }),
} as const;

/** How core is, as its host sees it: lost and starting again, there again, or given up after too many losses. */
export const coreStatusSchema = v.picklist(['lost', 'open', 'gone']);
export type CoreStatus = v.InferOutput<typeof coreStatusSchema>;

export const hostEvents = {
  'host.coreChanged': event(v.strictObject({ core: coreStatusSchema })),
} as const;
