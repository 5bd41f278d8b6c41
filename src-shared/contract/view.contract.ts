import * as v from 'valibot';
import { projectIdSchema } from '../domain/ids.ts';
import { savedViewSchema } from '../domain/saved-view.ts';
import { command, done, event } from './define.ts';

const inProject = { projectId: projectIdSchema };

export const viewContract = {
  'view.list': command('The saved views of a project, in the order in which they were first saved', {
    input: v.strictObject(inProject),
    output: v.strictObject({ views: v.pipe(v.array(savedViewSchema), v.readonly()) }),
  }),
  'view.save': command('Keep a view of the images under its name; one of this name is replaced', {
    input: v.strictObject({ ...inProject, view: savedViewSchema }),
    output: done,
  }),
  'view.delete': command('Forget a saved view', {
    input: v.strictObject({ ...inProject, name: savedViewSchema.pipe[0].entries.name }),
    output: done,
  }),
} as const;

export const viewEvents = {
  'view.listChanged': event(v.strictObject({ projectId: projectIdSchema })),
} as const;
