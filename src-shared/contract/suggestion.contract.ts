import * as v from 'valibot';
import { backboneNameSchema } from '../domain/backbone.ts';
import { classIdSchema, imageIdSchema, projectIdSchema } from '../domain/ids.ts';
import {
  acceptPreviewSchema,
  imageClassSchema,
  queueOrderSchema,
  suggestedLabelSchema,
  suggestionStateSchema,
  suspectLabelSchema,
} from '../domain/suggestion.ts';
import { command, done, event } from './define.ts';

const inProject = { projectId: projectIdSchema };
const threshold = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const items = v.pipe(v.array(imageClassSchema), v.minLength(1), v.maxLength(10_000));
const changed = v.strictObject({ revision: v.number(), changed: v.number() });

export const suggestionContract = {
  'suggestion.get': command('What suggestions there are', {
    input: v.strictObject(inProject),
    output: suggestionStateSchema,
  }),
  /** Null keeps the backbone. On, features are computed and a head learns, also after a restart. */
  'suggestion.turn': command('Turn suggestions on or off', {
    input: v.strictObject({ ...inProject, isOn: v.boolean(), backbone: v.nullable(backboneNameSchema) }),
    output: suggestionStateSchema,
  }),
  'suggestion.list': command(
    'Suggestions: those from a confidence on, least sure first, then the others, surest first',
    {
      input: v.strictObject({
        ...inProject,
        threshold,
        /** Null: of all classes. */
        classId: v.nullable(classIdSchema),
        offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
        limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
      }),
      output: v.strictObject({
        version: v.number(),
        /** How many reach the threshold: the first of the list. */
        above: v.number(),
        total: v.number(),
        suggestions: v.array(suggestedLabelSchema),
      }),
    },
  ),
  'suggestion.preview': command('What accepting everything from a confidence on means', {
    input: v.strictObject({ ...inProject, threshold }),
    output: acceptPreviewSchema,
  }),
  'suggestion.accept': command(
    'Give images the classes that were suggested for them, as one edit',
    {
      input: v.strictObject({
        ...inProject,
        /** As they were shown. */
        suggestions: v.pipe(v.array(suggestedLabelSchema), v.minLength(1), v.maxLength(10_000)),
      }),
      output: changed,
    },
    { maxInputBytes: 2 * 1024 * 1024 },
  ),
  /** AppError conflict when the suggestions are not those of this version any more. */
  'suggestion.acceptAbove': command('Accept every suggestion from a confidence on, as one edit', {
    input: v.strictObject({ ...inProject, threshold, version: v.number() }),
    output: changed,
  }),
  'suggestion.refuse': command('Do not suggest these classes for these images any more, or again', {
    input: v.strictObject({ ...inProject, items, isRefused: v.boolean() }),
    output: done,
  }),
  'suggestion.ask': command('How likely each class is for an image', {
    input: v.strictObject({ ...inProject, imageId: imageIdSchema }),
    output: v.strictObject({
      version: v.number(),
      /** Null where nothing is known: suggestions are off, or the image has no features yet. Likeliest first. */
      shares: v.nullable(v.array(v.strictObject({ classId: classIdSchema, share: v.number() }))),
    }),
  }),
  'suggestion.queue': command('Images without a label, most useful first', {
    input: v.strictObject(inProject),
    output: v.strictObject({ version: v.number(), imageIds: v.array(imageIdSchema) }),
  }),
  'suggestion.order': command('Choose what most useful means', {
    input: v.strictObject({ ...inProject, order: queueOrderSchema }),
    output: suggestionStateSchema,
  }),
  'suggestion.suspects': command('Labels that are likely wrong, the likeliest first', {
    input: v.strictObject(inProject),
    output: v.strictObject({ version: v.number(), suspects: v.array(suspectLabelSchema) }),
  }),
  'suggestion.confirm': command('These labels are right: do not suspect them any more, or again', {
    input: v.strictObject({ ...inProject, items, isConfirmed: v.boolean() }),
    output: done,
  }),
} as const;

export const suggestionEvents = {
  'suggestion.changed': event(v.strictObject({ projectId: projectIdSchema, version: v.number() })),
} as const;
