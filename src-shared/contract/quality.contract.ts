import * as v from 'valibot';
import { splitRatiosSchema } from '../domain/dataset.ts';
import { imageIdSchema, projectIdSchema } from '../domain/ids.ts';
import {
  checkIdSchema,
  classRowSchema,
  classSharesSchema,
  datasetCheckSchema,
  fileStateSchema,
  frozenTestSchema,
  guardLineSchema,
  scanSchema,
  splitRulesSchema,
  tiedGroupSchema,
  tieKindSchema,
} from '../domain/quality.ts';
import { command, done, event } from './define.ts';

const inProject = { projectId: projectIdSchema };
const imageIds = v.pipe(v.array(imageIdSchema), v.minLength(1), v.maxLength(100_000));
const manyImages = { maxInputBytes: 8 * 1024 * 1024 };

/** Groups that have images in more than one split, and the images in them. */
const leaksSchema = v.pipe(v.strictObject({ groups: v.number(), images: v.number() }), v.readonly());

/** The state of a dataset before a training: what was looked for, and what ties its images. */
export const qualitySchema = v.pipe(
  v.strictObject({
    /** Of the dataset that was looked at. */
    revision: v.number(),
    scan: scanSchema,
    /** In the order of the classes; images without a label last, where there are any. */
    classes: v.pipe(v.array(classRowSchema), v.readonly()),
    checks: v.pipe(v.array(datasetCheckSchema), v.readonly()),
    rules: splitRulesSchema,
    guard: v.pipe(v.array(guardLineSchema), v.readonly()),
    leaks: leaksSchema,
    frozenTest: v.nullable(frozenTestSchema),
    files: fileStateSchema,
  }),
  v.readonly(),
);
export type Quality = v.InferOutput<typeof qualitySchema>;

/** What a share-out anew would do. */
export const shareOutPreviewSchema = v.pipe(
  v.strictObject({
    /** As it would be, in the order of the classes; images without a label last. */
    classes: v.pipe(v.array(classSharesSchema), v.readonly()),
    /** Images that would change their split. */
    moved: v.number(),
    /** Groups that would go whole, and their images. */
    groups: v.number(),
    groupedImages: v.number(),
    leaksNow: leaksSchema,
    leaksThen: leaksSchema,
    /** False while pictures are still to be looked at: more may turn out to be alike. */
    isComplete: v.boolean(),
  }),
  v.readonly(),
);
export type ShareOutPreview = v.InferOutput<typeof shareOutPreviewSchema>;

export const qualityContract = {
  'quality.get': command('What was looked for in a dataset, and what ties its images', {
    input: v.strictObject(inProject),
    output: qualitySchema,
  }),
  'quality.checkImages': command('The images that a check found, in the order in which they came', {
    input: v.strictObject({ ...inProject, check: checkIdSchema }),
    output: v.strictObject({ imageIds: v.array(imageIdSchema) }),
  }),
  'quality.groups': command('Groups of images that belong into one split, larger ones first', {
    input: v.strictObject({
      ...inProject,
      /** Null: of every kind. */
      kind: v.nullable(tieKindSchema),
      /** Leaks have images in several splits, conflicts several labels; open ones were not looked at by a person. */
      only: v.picklist(['all', 'open', 'leaks', 'conflicts']),
    }),
    /** At most 2,000 groups; `total` counts all. */
    output: v.strictObject({ groups: v.array(tiedGroupSchema), total: v.number() }),
  }),
  'quality.setRules': command('Choose what ties images; applies from the next share-out on', {
    input: v.strictObject({ ...inProject, rules: splitRulesSchema }),
    output: done,
  }),
  'quality.previewRules': command('What rules would tie, without choosing them', {
    input: v.strictObject({ ...inProject, rules: splitRulesSchema }),
    output: v.strictObject({ guard: v.array(guardLineSchema), leaks: leaksSchema }),
  }),
  'quality.previewShareOut': command('What a share-out anew would do, without doing it', {
    input: v.strictObject({ ...inProject, ratios: splitRatiosSchema }),
    output: shareOutPreviewSchema,
  }),
  'quality.mendLeaks': command(
    'Bring each group that is in several splits into one, moving as few images as possible',
    {
      input: v.strictObject(inProject),
      output: v.strictObject({ revision: v.number(), moved: v.number() }),
    },
  ),
  'quality.keepCopies': command(
    'Say that copies were looked at and are kept, or take that back',
    { input: v.strictObject({ ...inProject, imageIds, isKept: v.boolean() }), output: done },
    manyImages,
  ),
  'quality.scan': command('Look at the pictures in the background, pause that, or stop it', {
    input: v.strictObject({ ...inProject, what: v.picklist(['start', 'pause', 'stop']) }),
    output: scanSchema,
  }),
  'quality.freezeTest': command('Freeze the test split as it is now', {
    input: v.strictObject(inProject),
    output: frozenTestSchema,
  }),
  'quality.unfreezeTest': command('Let the test split change again', {
    input: v.strictObject(inProject),
    output: done,
  }),
  'quality.getFrozenTest': command('The frozen test set, and what happened to it since', {
    input: v.strictObject(inProject),
    output: v.strictObject({ frozenTest: v.nullable(frozenTestSchema) }),
  }),
  'quality.checkFiles': command('Compare every file with its hash in the background, or stop that', {
    input: v.strictObject({ ...inProject, what: v.picklist(['start', 'stop']) }),
    output: fileStateSchema,
  }),
  'quality.leaveOut': command(
    'Train without images whose files changed, or take that back',
    { input: v.strictObject({ ...inProject, imageIds, isLeftOut: v.boolean() }), output: done },
    manyImages,
  ),
} as const;

export const qualityEvents = {
  /** Whoever shows the state of the dataset asks for it again. */
  'quality.changed': event(v.strictObject(inProject)),
  'quality.scanned': event(v.strictObject({ ...inProject, scan: scanSchema })),
} as const;
