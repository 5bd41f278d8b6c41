import * as v from 'valibot';
import { backboneNameSchema } from '../domain/backbone.ts';
import { imageIdSchema, pictureIdSchema, pipelineIdSchema, projectIdSchema } from '../domain/ids.ts';
import { pixelStatisticsSchema, sizeHintsSchema } from '../domain/pipeline/hints.ts';
import { pipelinePartSchema, pipelineSchema, stepListSchema } from '../domain/pipeline/pipeline.ts';
import { presetSchema } from '../domain/pipeline/presets.ts';
import { sentenceSchema } from '../domain/sentence.ts';
import { command, done, event } from './define.ts';

const picture = v.pipe(
  v.strictObject({
    picture: pictureIdSchema,
    /** In pixels, of one view. */
    width: v.number(),
    height: v.number(),
    /** The views that test-time augmentation made of the image, which the picture shows in a grid; 1 without. */
    viewCount: v.number(),
  }),
  v.readonly(),
);

/** What a step drew and did to the previewed image. */
export const previewedStepSchema = v.pipe(
  v.strictObject({
    stepId: v.string(),
    /** The image before the step, where it ran. */
    before: v.nullable(picture),
    /** The image after the step (tensors are shown scaled back to pictures); null when the step did not run. */
    after: v.nullable(picture),
    /** What was drawn, e.g. { angle: -12.3 } or { brightness: 1.16, order: 'contrast, brightness' }. */
    draw: v.pipe(v.record(v.string(), v.union([v.number(), v.string(), v.boolean()])), v.readonly()),
    /** Why the step could not run. */
    error: v.nullable(sentenceSchema),
    /** The container around it drew otherwise. */
    isLeftOut: v.boolean(),
  }),
  v.readonly(),
);

export const pipelinePreviewSchema = v.pipe(
  v.strictObject({
    original: picture,
    /** All steps, each before what it holds. */
    steps: v.pipe(v.array(previewedStepSchema), v.readonly()),
    milliseconds: v.number(),
  }),
  v.readonly(),
);
export type PipelinePreview = v.InferOutput<typeof pipelinePreviewSchema>;

/** The end of the list for one draw of one image, as far as it runs; without a picture, why the image cannot be read. */
export const pipelineSampleSchema = v.union([
  v.strictObject({ picture, error: v.null() }),
  v.strictObject({ picture: v.null(), error: sentenceSchema }),
]);
export type PipelineSample = v.InferOutput<typeof pipelineSampleSchema>;

/** What pictures of a pipeline are made of. */
const pictured = {
  projectId: projectIdSchema,
  pipeline: pipelineSchema,
  part: pipelinePartSchema,
  backbone: backboneNameSchema,
  seed: v.pipe(v.number(), v.integer(), v.minValue(0)),
};

/** What a new pipeline begins with. */
export const pipelineOriginSchema = v.variant('type', [
  v.strictObject({ type: v.literal('preset'), preset: presetSchema }),
  v.strictObject({ type: v.literal('copy'), pipelineId: pipelineIdSchema }),
  v.strictObject({
    type: v.literal('lists'),
    training: pipelineSchema.entries.training,
    evaluation: pipelineSchema.entries.evaluation,
  }),
]);
export type PipelineOrigin = v.InferOutput<typeof pipelineOriginSchema>;

export const pipelineContract = {
  'pipeline.list': command('Saved pipelines of a project', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: v.strictObject({ pipelines: v.array(pipelineSchema) }),
  }),
  'pipeline.save': command('Save a pipeline under its id; wrong steps may be saved, they cannot train', {
    input: v.strictObject({ projectId: projectIdSchema, pipeline: pipelineSchema }),
    output: pipelineSchema,
  }),
  'pipeline.create': command('Make a pipeline from a preset, another one, or lists that were read', {
    input: v.strictObject({
      projectId: projectIdSchema,
      name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
      from: pipelineOriginSchema,
    }),
    output: pipelineSchema,
  }),
  'pipeline.delete': command('Delete a pipeline; runs keep their own copy', {
    input: v.strictObject({ projectId: projectIdSchema, pipelineId: pipelineIdSchema }),
    output: done,
  }),
  'pipeline.preview': command('Run a pipeline on one image and keep the picture after each step', {
    input: v.strictObject({ ...pictured, imageId: imageIdSchema }),
    output: pipelinePreviewSchema,
  }),
  'pipeline.samples': command('Run a pipeline on up to 16 images and keep a small picture of each', {
    input: v.strictObject({
      ...pictured,
      /** One draw each, also of an image that is named again: the first with the seed, the next with seed + 1 … */
      imageIds: v.pipe(v.array(imageIdSchema), v.minLength(1), v.maxLength(16), v.readonly()),
    }),
    output: v.strictObject({ samples: v.pipe(v.array(pipelineSampleSchema), v.readonly()) }),
  }),
  'pipeline.hints': command('Say how an evaluation list and its backbone fit the images of a project', {
    input: v.strictObject({ projectId: projectIdSchema, evaluation: stepListSchema, backbone: backboneNameSchema }),
    output: v.strictObject({
      sizes: sizeHintsSchema,
      /** Of some of the images as Normalize gets them; null where the evaluation list cannot run on any. */
      statistics: v.nullable(pixelStatisticsSchema),
    }),
  }),
} as const;

export const pipelineEvents = {
  'pipeline.changed': event(v.strictObject({ projectId: projectIdSchema, pipelineId: pipelineIdSchema })),
} as const;
