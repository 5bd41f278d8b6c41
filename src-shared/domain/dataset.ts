import * as v from 'valibot';
import { classColorSchema, classKeySchema, classNameSchema } from './class-details.ts';
import { datasetEditSchema } from './dataset-edit.ts';
import { classIdSchema, imageIdSchema } from './ids.ts';

/** The part of the work that an image is for. */
export const splitSchema = v.picklist(['training', 'validation', 'test']);
export type Split = v.InferOutput<typeof splitSchema>;
export const splits = splitSchema.options;

/** The split that models are judged on: test, or validation where nothing is in test. */
export function heldOutSplit(items: readonly { readonly split: Split }[]): Split {
  return items.some(({ split }) => split === 'test') ? 'test' : 'validation';
}

/** One class of a dataset. */
export const datasetClassSchema = v.pipe(
  v.strictObject({
    id: classIdSchema,
    name: classNameSchema,
    /** Classes are shown by it, least first; it may have gaps. */
    order: v.number(),
    /** Its own, or the automatic one. */
    color: classColorSchema,
    isColorChosen: v.boolean(),
    /** The key that it has for good; null: it gets one as there are some left. */
    key: v.nullable(classKeySchema),
    description: v.string(),
  }),
  v.readonly(),
);
export type DatasetClass = v.InferOutput<typeof datasetClassSchema>;

export const imageFormatSchema = v.picklist(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif']);
export type ImageFormat = v.InferOutput<typeof imageFormatSchema>;

/** One image of a dataset. */
export const imageSchema = v.pipe(
  v.strictObject({
    id: imageIdSchema,
    fileName: v.string(),
    /** Where it came from, as a path below the imported folder. */
    source: v.string(),
    format: imageFormatSchema,
    /** In pixels, after EXIF orientation. */
    width: v.number(),
    height: v.number(),
    sizeBytes: v.number(),
    /** Null in multi-label projects, and for an image without a label. */
    classId: v.nullable(classIdSchema),
    split: splitSchema,
    /** Only in multi-label projects: all its classes, sorted, perhaps none of them; left out before it is labelled. */
    classIds: v.optional(v.pipe(v.array(classIdSchema), v.readonly())),
  }),
  v.readonly(),
);
export type DatasetImage = v.InferOutput<typeof imageSchema>;

/** How images without a split of their own are shared out: fractions of each class, 0 … 0.8. */
export const splitRatiosSchema = v.pipe(
  v.strictObject({
    validation: v.pipe(v.number(), v.minValue(0), v.maxValue(0.8)),
    test: v.pipe(v.number(), v.minValue(0), v.maxValue(0.8)),
    seed: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  v.readonly(),
);
export type SplitRatios = v.InferOutput<typeof splitRatiosSchema>;

/** Validation and test together take at most this much of each class. */
export const mostHeldOut = 0.9;

/** False when these shares for validation and test would leave less than a tenth for training. */
export function leavesRoomForTraining(validation: number, test: number): boolean {
  // 0.34 + 0.56 is a little more than 0.9 in binary.
  return validation + test < mostHeldOut + 1e-9;
}

export const defaultSplitRatios: SplitRatios = { validation: 0.15, test: 0.15, seed: 1 };

/** Images and classes together, as of one revision; every change of the dataset raises the revision by one or more. */
export const datasetSchema = v.pipe(
  v.strictObject({
    revision: v.number(),
    classes: v.pipe(v.array(datasetClassSchema), v.readonly()),
    images: v.pipe(v.array(imageSchema), v.readonly()),
    splitRatios: splitRatiosSchema,
    /** What undo and redo would do next, in the words of `edit`; null when there is nothing. */
    undo: v.nullable(datasetEditSchema),
    redo: v.nullable(datasetEditSchema),
  }),
  v.readonly(),
);
export type Dataset = v.InferOutput<typeof datasetSchema>;
