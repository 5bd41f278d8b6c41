import * as v from 'valibot';
import { splitSchema } from './dataset.ts';
import { classIdSchema, imageIdSchema } from './ids.ts';
import { sentenceSchema } from './sentence.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const images = v.pipe(v.array(imageIdSchema), v.readonly());

/** Longest name pattern, and a folder as a path below the imported one. */
const patternSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(120));
const folderSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));

/** What ties images together, so that a share-out puts them into the same split. */
export const splitRulesSchema = v.pipe(
  v.strictObject({
    /** Pictures that look the same. */
    nearCopies: v.boolean(),
    /** Pictures taken one after the other in the same folder. */
    bursts: v.boolean(),
    /** Most seconds between two pictures of a burst, where the files say when they were taken. */
    burstSeconds: v.pipe(v.number(), v.minValue(0.1), v.maxValue(86_400)),
    /** Each of these folders, with what lies below it, is one group. */
    folders: v.pipe(v.array(folderSchema), v.maxLength(500), v.readonly()),
    /** Images whose file names have the same text at `{}` are one group; `*` stands for any text. */
    namePatterns: v.pipe(v.array(patternSchema), v.maxLength(20), v.readonly()),
  }),
  v.readonly(),
);
export type SplitRules = v.InferOutput<typeof splitRulesSchema>;

export const defaultSplitRules: SplitRules = {
  nearCopies: true,
  bursts: true,
  burstSeconds: 2,
  folders: [],
  namePatterns: [],
};

/** Why images are tied. */
export const tieKindSchema = v.picklist(['near', 'burst', 'folder', 'name']);
export type TieKind = v.InferOutput<typeof tieKindSchema>;

/** A group as a person looks at it. */
export const tiedGroupSchema = v.pipe(
  v.strictObject({
    kind: tieKindSchema,
    label: v.nullable(v.string()),
    images,
    /** The splits in which its images are. */
    splits: v.pipe(v.array(splitSchema), v.readonly()),
    /** True when its labelled images have more than one class. */
    hasLabelConflict: v.boolean(),
  }),
  v.readonly(),
);
export type TiedGroup = v.InferOutput<typeof tiedGroupSchema>;

/** The groups of one kind, or one chosen folder or name pattern, counted. */
export const guardLineSchema = v.pipe(
  v.strictObject({
    kind: tieKindSchema,
    label: v.nullable(v.string()),
    groups: count,
    images: count,
    /** Of these groups, those with images in more than one split. */
    leaks: count,
    /** A few of its images. */
    examples: images,
  }),
  v.readonly(),
);
export type GuardLine = v.InferOutput<typeof guardLineSchema>;

/** How far the look at the pictures is. */
export const scanSchema = v.pipe(
  v.strictObject({
    status: v.picklist(['idle', 'running', 'paused']),
    /** Images looked at, of all in the project. */
    done: count,
    total: count,
    /** Images whose files could not be read. */
    failed: count,
    imagesPerSecond: v.nullable(v.number()),
    secondsLeft: v.nullable(v.number()),
  }),
  v.readonly(),
);
export type Scan = v.InferOutput<typeof scanSchema>;

export const checkIdSchema = v.picklist([
  'leaks',
  'label-conflicts',
  'changed-files',
  'near-copies',
  'imbalance',
  'few-images',
  'similar-names',
  'dark',
  'overexposed',
  'blurred',
  'tiny',
  'huge',
  'odd-shape',
  'grey',
]);
export type CheckId = v.InferOutput<typeof checkIdSchema>;

/** One thing that was looked for in a dataset. */
export const datasetCheckSchema = v.pipe(
  v.strictObject({
    id: checkIdSchema,
    /** Good: nothing was found. Unknown: the pictures are not all looked at yet. */
    tone: v.picklist(['good', 'hint', 'warning', 'unknown']),
    /** Images, groups or classes, as the check counts. */
    count,
    /** A few of its images. */
    examples: images,
    /** Names and numbers for its sentence. */
    facts: v.pipe(v.record(v.string(), v.union([v.string(), v.number()])), v.readonly()),
  }),
  v.readonly(),
);
export type DatasetCheck = v.InferOutput<typeof datasetCheckSchema>;

/** How the files of a project compare to what was imported. */
export const fileStateSchema = v.pipe(
  v.strictObject({
    /** When all files were last compared with their hashes, ISO 8601; null when never. */
    checkedAt: v.nullable(v.string()),
    /** Of that comparison. */
    total: count,
    isChecking: v.boolean(),
    done: count,
    changed: v.pipe(
      v.array(
        v.pipe(
          v.strictObject({
            imageId: imageIdSchema,
            fileName: v.string(),
            reason: sentenceSchema,
            /** A training goes on without it. */
            isLeftOut: v.boolean(),
          }),
          v.readonly(),
        ),
      ),
      v.readonly(),
    ),
  }),
  v.readonly(),
);
export type FileState = v.InferOutput<typeof fileStateSchema>;

/** The test split as it was when it was frozen, and what happened to it since. */
export const frozenTestSchema = v.pipe(
  v.strictObject({
    frozenAt: v.string(),
    /** SHA-256 over ids and classes of its images, by which runs name the set that they were judged on. */
    hash: v.string(),
    imageCount: count,
    /** Since then: images with another label, images that came to the test split, and images that left it. */
    relabelled: count,
    joined: count,
    left: count,
  }),
  v.readonly(),
);
export type FrozenTest = v.InferOutput<typeof frozenTestSchema>;

/** How many images of a class are in each split. */
export const classSharesSchema = v.pipe(
  v.strictObject({ classId: v.nullable(classIdSchema), training: count, validation: count, test: count }),
  v.readonly(),
);
export type ClassShares = v.InferOutput<typeof classSharesSchema>;

/** The same, with a few of its images. */
export const classRowSchema = v.pipe(
  v.strictObject({
    classId: v.nullable(classIdSchema),
    training: count,
    validation: count,
    test: count,
    examples: images,
  }),
  v.readonly(),
);
export type ClassRow = v.InferOutput<typeof classRowSchema>;

/** From how many times as many images on the largest class is named beside the smallest. */
export const unevenRatio = 4;

/** Classes with fewer images learn badly. */
export const fewImages = 20;
