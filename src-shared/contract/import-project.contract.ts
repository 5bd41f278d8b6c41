import * as v from 'valibot';
import { classNameSchema } from '../domain/class-details.ts';
import { folderTokenSchema, projectIdSchema } from '../domain/ids.ts';
import { command } from './define.ts';
import { importJobSchema } from './import.contract.ts';

/** Another project: where it is. */
export const otherProjectSchema = v.variant('kind', [
  /** One of the recent projects, open or not. */
  v.strictObject({ kind: v.literal('recent'), id: projectIdSchema }),
  v.strictObject({ kind: v.literal('chosen'), folder: folderTokenSchema }),
]);
export type OtherProjectSource = v.InferOutput<typeof otherProjectSchema>;

/** What is taken over from another project, and how. */
export const takeoverSchema = v.pipe(
  v.strictObject({
    /** `keep`: its validation and test images stay held out; `new`: shared out like other new images. */
    splits: v.picklist(['keep', 'new']),
    /** Labels and marks of images that are in both: `fill` adds what is lacking here, `replace` takes the other's. */
    shared: v.picklist(['fill', 'replace']),
    /** Classes that become others than those of the same name; null: the images come without a label. */
    classes: v.pipe(
      v.array(
        v.pipe(
          v.strictObject({ from: v.pipe(v.string(), v.maxLength(120)), to: v.nullable(classNameSchema) }),
          v.readonly(),
        ),
      ),
      v.maxLength(10_000),
      v.readonly(),
    ),
  }),
  v.readonly(),
);
export type Takeover = v.InferOutput<typeof takeoverSchema>;

const countSchema = v.pipe(v.number(), v.integer());

/** What another project has, and what of it is here. */
export const otherProjectPreviewSchema = v.pipe(
  v.strictObject({
    name: v.string(),
    /** For people to read; never an input. */
    path: v.string(),
    imageCount: countSchema,
    /** Of those, images whose content is here already. */
    sharedCount: countSchema,
    /** Images whose file is not in its folder. */
    missingCount: countSchema,
    unlabelledCount: countSchema,
    markedCount: countSchema,
    taggedCount: countSchema,
    splits: v.pipe(v.strictObject({ training: countSchema, validation: countSchema, test: countSchema }), v.readonly()),
    classes: v.pipe(
      v.array(
        v.pipe(
          v.strictObject({
            name: v.string(),
            count: countSchema,
            /** There is a class of this name here. */
            isHere: v.boolean(),
            /** A class here whose name differs only in case, spaces or hyphens; null where there is none or one of the same name. */
            similar: v.nullable(v.string()),
          }),
          v.readonly(),
        ),
      ),
      v.readonly(),
    ),
    /** The images that are in both, by their class there and their class here, or all their classes, with commas between; at most 2,000 pairs, the most frequent first. */
    pairs: v.pipe(
      v.array(
        v.pipe(
          v.strictObject({ theirs: v.nullable(v.string()), ours: v.nullable(v.string()), count: countSchema }),
          v.readonly(),
        ),
      ),
      v.readonly(),
    ),
  }),
  v.readonly(),
);
export type OtherProjectPreview = v.InferOutput<typeof otherProjectPreviewSchema>;

const ofProject = { projectId: projectIdSchema, source: otherProjectSchema };

export const importProjectContract = {
  'import.inspectProject': command('Look into another project before images are taken over from it', {
    input: v.strictObject(ofProject),
    output: otherProjectPreviewSchema,
  }),
  'import.startProject': command('Import the images of another project with classes, labels, marks and tags', {
    input: v.strictObject({ ...ofProject, takeover: takeoverSchema }),
    output: importJobSchema,
  }),
} as const;
