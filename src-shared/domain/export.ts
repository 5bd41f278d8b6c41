import * as v from 'valibot';
import { exportIdSchema, imageIdSchema, runIdSchema } from './ids.ts';

export const exportFormatSchema = v.picklist(['tfjs']);
export type ExportFormat = v.InferOutput<typeof exportFormatSchema>;

/** Largest difference of any probability between export and app that still earns a certificate. */
export const exportTolerance = 1e-4;

/** How closely the exported preprocess.mjs follows the app, step by step, on the images of the proof. */
export const preprocessingProofSchema = v.pipe(
  v.strictObject({
    steps: v.pipe(
      v.array(
        v.pipe(
          v.strictObject({
            kind: v.string(),
            /** Largest difference of any value: grey levels of a picture, and from ToTensor on the numbers themselves. */
            maxDifference: v.number(),
          }),
          v.readonly(),
        ),
      ),
      v.readonly(),
    ),
    /** Most grey levels that still earn a certificate. */
    tolerance: v.number(),
    isPassed: v.boolean(),
  }),
  v.readonly(),
);
export type PreprocessingProof = v.InferOutput<typeof preprocessingProofSchema>;

/** The proof that exported files, loaded afresh, predict what the app predicts. */
export const certificateSchema = v.pipe(
  v.strictObject({
    format: exportFormatSchema,
    /** What loaded and ran the exported files. */
    checkedWith: v.string(),
    imageCount: v.number(),
    /** Largest and mean absolute difference of any class's probability. */
    maxDifference: v.number(),
    meanDifference: v.number(),
    /** Share of the images, 0 … 1, whose first class is the same. */
    top1Agreement: v.number(),
    tolerance: v.number(),
    isPassed: v.boolean(),
    /** One per image, worst first. */
    images: v.pipe(
      v.array(
        v.pipe(
          v.strictObject({ imageId: imageIdSchema, difference: v.number(), isSameTop1: v.boolean() }),
          v.readonly(),
        ),
      ),
      v.readonly(),
    ),
    /** Null in exports from before there was such code. */
    preprocessing: v.optional(v.nullable(preprocessingProofSchema), null),
    secondsPerImage: v.number(),
    checkedAt: v.string(),
  }),
  v.readonly(),
);
export type Certificate = v.InferOutput<typeof certificateSchema>;

export const exportedFileSchema = v.pipe(v.strictObject({ path: v.string(), sizeBytes: v.number() }), v.readonly());
export type ExportedFile = v.InferOutput<typeof exportedFileSchema>;

/** One finished export: a folder, and a zip of it beside it. */
export const exportRecordSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    id: exportIdSchema,
    runId: runIdSchema,
    format: exportFormatSchema,
    createdAt: v.string(),
    /** Paths inside the folder, with forward slashes. */
    files: v.pipe(v.array(exportedFileSchema), v.readonly()),
    zipSizeBytes: v.number(),
    certificate: certificateSchema,
  }),
  v.readonly(),
);
export type ExportRecord = v.InferOutput<typeof exportRecordSchema>;
