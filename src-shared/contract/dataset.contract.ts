import * as v from 'valibot';
import { classChangeSchema, classNameSchema } from '../domain/class-details.ts';
import { datasetSchema, splitRatiosSchema } from '../domain/dataset.ts';
import { classIdSchema, imageIdSchema, projectIdSchema } from '../domain/ids.ts';
import { imageHistorySchema } from '../domain/image-history.ts';
import { imageMarkSchema, tagSchema } from '../domain/image-mark.ts';
import { trashedImageSchema } from '../domain/trash.ts';
import { command, event } from './define.ts';

const inProject = { projectId: projectIdSchema };
const someImages = {
  ...inProject,
  imageIds: v.pipe(v.array(imageIdSchema), v.minLength(1), v.maxLength(100_000)),
};
const manyImages = { maxInputBytes: 8 * 1024 * 1024 };
const tagsSchema = v.pipe(v.array(tagSchema), v.maxLength(50));
const revised = v.strictObject({ revision: v.number() });
/** `changed` counts images. */
const edited = v.strictObject({ revision: v.number(), changed: v.number() });

export const datasetContract = {
  'dataset.get': command('Classes and images of a project', {
    input: v.strictObject(inProject),
    output: datasetSchema,
  }),
  'dataset.setLabel': command(
    'Give images a class, which takes their mark away, or none',
    { input: v.strictObject({ ...someImages, classId: v.nullable(classIdSchema) }), output: edited },
    manyImages,
  ),
  'dataset.putClass': command(
    'In a multi-label project: put a class on images, which takes their mark away, or take it off',
    {
      input: v.strictObject({ ...someImages, classId: classIdSchema, isOn: v.boolean() }),
      output: edited,
    },
    manyImages,
  ),
  'dataset.setLabels': command(
    'In a multi-label project: give images exactly these classes, perhaps none of them; null: not labelled',
    {
      input: v.strictObject({
        ...someImages,
        classIds: v.nullable(v.pipe(v.array(classIdSchema), v.maxLength(10_000))),
      }),
      output: edited,
    },
    manyImages,
  ),
  'dataset.setMark': command(
    'Mark images as to be skipped or as not sure, or take the mark away',
    { input: v.strictObject({ ...someImages, mark: v.nullable(imageMarkSchema) }), output: edited },
    manyImages,
  ),
  'dataset.changeTags': command(
    'Put words on images and take others off',
    { input: v.strictObject({ ...someImages, add: tagsSchema, remove: tagsSchema }), output: edited },
    manyImages,
  ),
  'dataset.listTags': command('Every tag that is on an image, and on how many', {
    input: v.strictObject(inProject),
    output: v.strictObject({
      tags: v.pipe(v.array(v.strictObject({ tag: v.string(), count: v.number() })), v.readonly()),
    }),
  }),
  'dataset.trash': command(
    'Take images out of the dataset, with the way back open',
    { input: v.strictObject(someImages), output: edited },
    manyImages,
  ),
  'dataset.restore': command(
    'Bring images back from the trash, as they were',
    { input: v.strictObject(someImages), output: edited },
    manyImages,
  ),
  'dataset.listTrash': command('The images in the trash, latest first', {
    input: v.strictObject(inProject),
    output: v.strictObject({ images: v.pipe(v.array(trashedImageSchema), v.readonly()) }),
  }),
  /** Not an edit: there is no way back. Refused while a training reads images of the project. */
  'dataset.emptyTrash': command('Delete the images in the trash and their files for good', {
    input: v.strictObject(inProject),
    output: v.strictObject({ revision: v.number(), deleted: v.number(), freedBytes: v.number() }),
  }),
  'dataset.history': command('All that happened to an image, latest first', {
    input: v.strictObject({ ...inProject, imageId: imageIdSchema }),
    output: v.strictObject({ entries: imageHistorySchema }),
  }),
  'dataset.restoreState': command('Bring an image back to how it was after an edit, or after its import (null)', {
    input: v.strictObject({ ...inProject, imageId: imageIdSchema, edit: v.nullable(v.number()) }),
    output: edited,
  }),
  'dataset.labelOrigins': command('Of the labelled images, how many have their label from whom', {
    input: v.strictObject(inProject),
    output: v.strictObject({ import: v.number(), person: v.number(), model: v.number() }),
  }),
  'dataset.addClass': command('Add a class', {
    input: v.strictObject({ ...inProject, name: classNameSchema }),
    output: v.strictObject({ revision: v.number(), classId: classIdSchema }),
  }),
  'dataset.renameClass': command('Rename a class', {
    input: v.strictObject({ ...inProject, classId: classIdSchema, name: classNameSchema }),
    output: revised,
  }),
  'dataset.changeClass': command('Change name, description, colour or key of a class, as one edit', {
    input: v.strictObject({ ...inProject, classId: classIdSchema, change: classChangeSchema }),
    output: revised,
  }),
  'dataset.orderClasses': command('Put the classes in another order', {
    input: v.strictObject({ ...inProject, classIds: v.pipe(v.array(classIdSchema), v.maxLength(100_000)) }),
    output: revised,
  }),
  'dataset.mergeClass': command('Make a class one with another, which keeps its name', {
    input: v.strictObject({ ...inProject, classId: classIdSchema, into: classIdSchema }),
    output: revised,
  }),
  'dataset.deleteClass': command('Delete a class; its images go to another class, or stay without a label', {
    input: v.strictObject({
      ...inProject,
      classId: classIdSchema,
      moveTo: v.nullable(classIdSchema),
    }),
    output: revised,
  }),
  'dataset.shareOut': command('Share images out over the splits anew; those that came in split folders stay', {
    input: v.strictObject({ ...inProject, ratios: splitRatiosSchema }),
    output: revised,
  }),
  'dataset.undo': command('Undo the last change of labels or classes', {
    input: v.strictObject(inProject),
    output: revised,
  }),
  'dataset.redo': command('Redo what was undone', {
    input: v.strictObject(inProject),
    output: revised,
  }),
} as const;

export const datasetEvents = {
  /** Something changed; whoever shows the dataset asks for it again (or for the changes, when it made them itself). */
  'dataset.changed': event(v.strictObject({ projectId: projectIdSchema, revision: v.number() })),
} as const;
