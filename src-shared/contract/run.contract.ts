import * as v from 'valibot';
import { evaluationSchema, judgedImageSchema } from '../domain/evaluation.ts';
import { splitSchema } from '../domain/dataset.ts';
import { labelEvaluationSchema } from '../domain/label-evaluation.ts';
import { imageIdSchema, projectIdSchema, runIdSchema, uploadIdSchema } from '../domain/ids.ts';
import { epochsSchema } from '../domain/recipe/epochs.ts';
import { batchSizeSchema, recipeSchema } from '../domain/recipe/recipe.ts';
import { metricSchema, runClassSchema, runProgressSchema, runRecordSchema } from '../domain/run.ts';
import { command, done, event } from './define.ts';

const ofRun = { projectId: projectIdSchema, runId: runIdSchema };

/** A run with its curves so far. Events of the run with a greater `seq` come after this snapshot. */
export const runSnapshotSchema = v.pipe(
  v.strictObject({
    seq: v.number(),
    record: runRecordSchema,
    metrics: v.pipe(v.array(metricSchema), v.readonly()),
    progress: v.nullable(runProgressSchema),
  }),
  v.readonly(),
);
export type RunSnapshot = v.InferOutput<typeof runSnapshotSchema>;

export const settingValueSchema = v.union([v.string(), v.number(), v.boolean(), v.null()]);

/** How well a run did on the validation images after each of its epochs; epochs without a validation are left out. */
export const validationCurveSchema = v.pipe(
  v.strictObject({
    runId: runIdSchema,
    points: v.pipe(
      v.array(v.pipe(v.strictObject({ epoch: v.number(), accuracy: v.number() }), v.readonly())),
      v.readonly(),
    ),
  }),
  v.readonly(),
);
export type ValidationCurve = v.InferOutput<typeof validationCurveSchema>;

/** Two runs beside each other: only what differs. */
export const comparisonSchema = v.pipe(
  v.strictObject({
    a: runIdSchema,
    b: runIdSchema,
    /** `setting` is a path such as recipe.learningRate or pipeline.training.3.ColorJitter.hue. */
    differences: v.pipe(
      v.array(
        v.pipe(v.strictObject({ setting: v.string(), a: settingValueSchema, b: settingValueSchema }), v.readonly()),
      ),
      v.readonly(),
    ),
    /** On the split that both were judged on; `difference` is b − a. */
    metrics: v.pipe(
      v.array(
        v.pipe(
          v.strictObject({
            metric: v.string(),
            a: v.nullable(v.number()),
            b: v.nullable(v.number()),
            difference: v.nullable(v.number()),
          }),
          v.readonly(),
        ),
      ),
      v.readonly(),
    ),
    split: v.nullable(splitSchema),
    /** 95 % interval of the accuracy difference b − a over the same images, paired; null when the images are not the same. */
    accuracyInterval: v.nullable(v.pipe(v.tuple([v.number(), v.number()]), v.readonly())),
    /** Images wrong in a and right in b, and the reverse. */
    fixed: v.pipe(v.array(imageIdSchema), v.readonly()),
    broken: v.pipe(v.array(imageIdSchema), v.readonly()),
  }),
  v.readonly(),
);
export type Comparison = v.InferOutput<typeof comparisonSchema>;

/** Images that every run of a project gets wrong, of those that at least two judged; as the latest run sees them, the surest first. */
export const wrongInEveryRunSchema = v.pipe(
  v.strictObject({
    split: splitSchema,
    runCount: v.number(),
    /** Images that at least two runs judged with the same label. */
    imageCount: v.number(),
    /** Of the latest run; the images' `label` and `predicted` are places among them. */
    classes: v.pipe(v.array(runClassSchema), v.readonly()),
    images: v.pipe(v.array(judgedImageSchema), v.readonly()),
  }),
  v.readonly(),
);
export type WrongInEveryRun = v.InferOutput<typeof wrongInEveryRunSchema>;

export const topPredictionSchema = v.pipe(v.strictObject({ class: v.string(), probability: v.number() }), v.readonly());

export const runContract = {
  'run.start': command('Start a training', {
    input: v.strictObject({ projectId: projectIdSchema, recipe: recipeSchema }),
    output: runSnapshotSchema,
  }),
  'run.resume': command('Go on with a run that ended early, from its last checkpoint', {
    input: v.strictObject(ofRun),
    output: runSnapshotSchema,
  }),
  'run.extend': command('Train a complete run for more epochs, as a new run', {
    input: v.strictObject({ ...ofRun, epochs: epochsSchema }),
    output: runSnapshotSchema,
  }),
  'run.continueSmaller': command('Go on with a run that ended early, with a smaller batch, as a new run', {
    input: v.strictObject({ ...ofRun, batchSize: batchSizeSchema }),
    output: runSnapshotSchema,
  }),
  'run.list': command('Runs of a project, latest first', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: v.strictObject({ runs: v.array(runRecordSchema) }),
  }),
  'run.curves': command('The validation curve of each run of a project', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: v.strictObject({ curves: v.array(validationCurveSchema) }),
  }),
  'run.get': command('One run with its curves', { input: v.strictObject(ofRun), output: runSnapshotSchema }),
  'run.cancel': command('Stop a run; the best weights so far are kept and judged', {
    input: v.strictObject(ofRun),
    output: done,
  }),
  'run.rename': command('Rename a run', {
    input: v.strictObject({ ...ofRun, name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)) }),
    output: runRecordSchema,
  }),
  'run.evaluate': command('How a run does on a split, from its saved predictions or from new ones', {
    /** Null: the test split, or validation when test is empty. */
    input: v.strictObject({ ...ofRun, split: v.nullable(splitSchema) }),
    output: evaluationSchema,
  }),
  'run.evaluateLabels': command('The same of a multi-label run: average precision and F1, class by class', {
    input: v.strictObject({ ...ofRun, split: v.nullable(splitSchema) }),
    output: labelEvaluationSchema,
  }),
  'run.cancelEvaluation': command('Stop the evaluations of a run that make their predictions', {
    input: v.strictObject(ofRun),
    output: done,
  }),
  'run.compare': command('What differs between two runs', {
    input: v.strictObject({ projectId: projectIdSchema, a: runIdSchema, b: runIdSchema }),
    output: comparisonSchema,
  }),
  'run.wrongInEvery': command('Images that every run of a project gets wrong; null before two runs were judged', {
    input: v.strictObject({ projectId: projectIdSchema }),
    output: v.nullable(wrongInEveryRunSchema),
  }),
  'run.predict': command('What a run says about a picture', {
    input: v.strictObject({
      ...ofRun,
      source: v.variant('kind', [
        v.strictObject({ kind: v.literal('upload'), uploadId: uploadIdSchema }),
        v.strictObject({ kind: v.literal('image'), imageId: imageIdSchema }),
      ]),
    }),
    output: v.strictObject({
      /** The likeliest first: five, and in a multi-label run all from the threshold on. */
      top: v.array(topPredictionSchema),
      /** Of a multi-label run: what is seen has at least this probability. Null where one class is seen, the first. */
      threshold: v.nullable(v.number()),
      /** In pixels, after EXIF orientation. */
      width: v.number(),
      height: v.number(),
      /** What the model sees of the picture: [left, top, width, height] in its pixels. */
      seen: v.tuple([v.number(), v.number(), v.number(), v.number()]),
      milliseconds: v.number(),
    }),
  }),
} as const;

export const runEvents = {
  'run.recordChanged': event(v.strictObject({ projectId: projectIdSchema, seq: v.number(), record: runRecordSchema })),
  /** Steps and epochs since the last event of this run, in order. */
  'run.metricsAdded': event(v.strictObject({ ...ofRun, seq: v.number(), metrics: v.array(metricSchema) })),
  /** How many images of a split are judged, for an evaluation that has to make its predictions. */
  'run.imagesJudged': event(v.strictObject({ ...ofRun, split: splitSchema, done: v.number(), total: v.number() })),
  'run.progressed': event(v.strictObject({ ...ofRun, seq: v.number(), progress: runProgressSchema })),
} as const;
