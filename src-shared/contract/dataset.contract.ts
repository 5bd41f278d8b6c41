import * as v from 'valibot';
import { classNameSchema, datasetSchema, splitRatiosSchema } from '../domain/dataset.ts';
import { classIdSchema, imageIdSchema, projectIdSchema } from '../domain/ids.ts';
import { command, event } from './define.ts';

const inProject = { projectId: projectIdSchema };

export const datasetContract = {
  'dataset.get': command('Classes and images of a project', {
    input: v.strictObject(inProject),
    output: datasetSchema,
  }),
  'dataset.setLabel': command(
    'Give images a class, or none',
    {
      input: v.strictObject({
        ...inProject,
        imageIds: v.pipe(v.array(imageIdSchema), v.minLength(1), v.maxLength(100_000)),
        classId: v.nullable(classIdSchema),
      }),
      output: v.strictObject({ revision: v.number(), changed: v.number() }),
    },
    { maxInputBytes: 8 * 1024 * 1024 },
  ),
  'dataset.addClass': command('Add a class', {
    input: v.strictObject({ ...inProject, name: classNameSchema }),
    output: v.strictObject({ revision: v.number(), classId: classIdSchema }),
  }),
  'dataset.renameClass': command('Rename a class', {
    input: v.strictObject({ ...inProject, classId: classIdSchema, name: classNameSchema }),
    output: v.strictObject({ revision: v.number() }),
  }),
  /** Its images stay, without a label. */
  'dataset.deleteClass': command('Delete a class', {
    input: v.strictObject({ ...inProject, classId: classIdSchema }),
    output: v.strictObject({ revision: v.number() }),
  }),
  'dataset.shareOut': command('Share images out over the splits anew; those that came in split folders stay', {
    input: v.strictObject({ ...inProject, ratios: splitRatiosSchema }),
    output: v.strictObject({ revision: v.number() }),
  }),
  'dataset.undo': command('Undo the last change of labels or classes', {
    input: v.strictObject(inProject),
    output: v.strictObject({ revision: v.number() }),
  }),
  'dataset.redo': command('Redo what was undone', {
    input: v.strictObject(inProject),
    output: v.strictObject({ revision: v.number() }),
  }),
} as const;

export const datasetEvents = {
  /** Something changed; whoever shows the dataset asks for it again (or for the changes, when it made them itself). */
  'dataset.changed': event(v.strictObject({ projectId: projectIdSchema, revision: v.number() })),
} as const;
