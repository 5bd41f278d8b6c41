import * as v from 'valibot';
import { splitSchema } from './dataset.ts';
import { classIdSchema, imageIdSchema, projectIdSchema, runIdSchema } from './ids.ts';
import { labellingSchema } from './labelling.ts';
import { pipelineSchema } from './pipeline/pipeline.ts';
import { storedRecipeSchema } from './recipe/upgrade.ts';
import { sentenceSchema } from './sentence.ts';
import { stageCacheSchema } from './stage-cache.ts';

/**
 * The life of a run:
 *
 *   queued ─► preparing ─► training ─► evaluating ─► completed
 *                 └────────────┴───────────┴─► cancelled   (stopped by a person; keeps the best weights so far)
 *                                          ├─► interrupted (the trainer or the computer went away; keeps what it had)
 *                                          └─► failed      (with the reason)
 */
export const runStatusSchema = v.picklist([
  'queued',
  'preparing',
  'training',
  'evaluating',
  'completed',
  'cancelled',
  'interrupted',
  'failed',
]);
export type RunStatus = v.InferOutput<typeof runStatusSchema>;

/** True while a trainer works on the run or will. */
export function isActiveStatus(status: RunStatus): boolean {
  return status === 'queued' || status === 'preparing' || status === 'training' || status === 'evaluating';
}

/** The part of a training that runs: features of the frozen backbone, the head on them, or all parameters. */
export const runPhaseSchema = v.picklist(['features', 'head', 'all', 'evaluation']);
export type RunPhase = v.InferOutput<typeof runPhaseSchema>;

const lossAndAccuracy = v.pipe(
  v.strictObject({
    loss: v.number(),
    accuracy: v.number(),
    /** Of a multi-label run on its validation images. */
    meanAveragePrecision: v.optional(v.number()),
  }),
  v.readonly(),
);

/**
 * One line of metrics.jsonl. Losses are mean cross-entropies in nats, accuracies 0 … 1. A multi-label run has binary cross-entropies, and its
 * accuracies are of decisions, one for each class of each image, as Keras's binary_accuracy: high from the start where classes are rare.
 */
export const metricSchema = v.variant('type', [
  v.pipe(
    v.strictObject({
      type: v.literal('step'),
      phase: runPhaseSchema,
      /** From 1, counted over the head's and the fine-tuning's steps together. */
      step: v.number(),
      /** From 1, counted over phases. */
      epoch: v.number(),
      loss: v.number(),
      accuracy: v.number(),
      learningRate: v.number(),
      imagesPerSecond: v.number(),
      /** Of the phase's time so far, what its steps waited for their batches, 0 … 1; older records lack it. */
      waitingShare: v.optional(v.number()),
    }),
    v.readonly(),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal('epoch'),
      phase: runPhaseSchema,
      step: v.number(),
      epoch: v.number(),
      training: lossAndAccuracy,
      validation: v.nullable(lossAndAccuracy),
      isBest: v.boolean(),
      seconds: v.number(),
      /** As in a step's line. */
      waitingShare: v.optional(v.number()),
    }),
    v.readonly(),
  ),
]);
export type Metric = v.InferOutput<typeof metricSchema>;
export type StepMetric = Extract<Metric, { readonly type: 'step' }>;
export type EpochMetric = Extract<Metric, { readonly type: 'epoch' }>;

/** The accuracy on the validation images after each epoch that was judged on them. */
export function validationPoints(
  metrics: readonly Metric[],
): readonly { readonly epoch: number; readonly accuracy: number }[] {
  return metrics.flatMap((metric) =>
    metric.type === 'epoch' && metric.validation ? [{ epoch: metric.epoch, accuracy: metric.validation.accuracy }] : [],
  );
}

/** True when a training that stands at this step and epoch has this metric behind it. */
export function isRecordedUpTo(metric: Metric, upTo: { readonly step: number; readonly epoch: number }): boolean {
  return metric.type === 'step' ? metric.step <= upTo.step : metric.epoch <= upTo.epoch;
}

/** How far a run is, for bars and clocks. */
export const runProgressSchema = v.pipe(
  v.strictObject({
    phase: runPhaseSchema,
    /** Of the whole run, 0 … 1. */
    value: v.number(),
    /** Images or steps of this phase. */
    done: v.number(),
    total: v.number(),
    imagesPerSecond: v.nullable(v.number()),
    /** Of the phase's time so far, what the network waited for pixels, 0 … 1; null before the first batch. */
    waitingShare: v.nullable(v.number()),
    secondsLeft: v.nullable(v.number()),
    memoryBytes: v.nullable(v.number()),
    /** Steps and epochs of the whole run as planned; early stopping may end it sooner. */
    totalSteps: v.number(),
    totalEpochs: v.number(),
  }),
  v.readonly(),
);
export type RunProgress = v.InferOutput<typeof runProgressSchema>;

/** A class as the run knew it; index = position in the run's outputs. */
export const runClassSchema = v.pipe(v.strictObject({ id: classIdSchema, name: v.string() }), v.readonly());
export type RunClass = v.InferOutput<typeof runClassSchema>;

const labelResultSchema = v.pipe(
  v.strictObject({
    split: splitSchema,
    meanAveragePrecision: v.number(),
    macroF1: v.number(),
    microF1: v.number(),
    loss: v.number(),
    total: v.number(),
  }),
  v.readonly(),
);

/** The record run.json: what was trained, on what, with what; enough to repeat it. */
export const runRecordSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    id: runIdSchema,
    projectId: projectIdSchema,
    /** 1, 2, 3 … within the project. */
    number: v.number(),
    name: v.string(),
    /** Left out: single-label. */
    labelling: v.optional(labellingSchema),
    recipe: storedRecipeSchema,
    /** The run that this one began from the end of, with its weights, optimizer and curves; null for one from the beginning. */
    continues: v.optional(v.nullable(runIdSchema), null),
    /** What of that run this one has behind it. */
    continuesAfter: v.optional(
      v.nullable(v.pipe(v.strictObject({ step: v.number(), epoch: v.number() }), v.readonly())),
      null,
    ),
    /** The batch size that was asked for, where memory did not suffice for it and the run began again with the recipe's; else null. */
    plannedBatchSize: v.optional(v.nullable(v.number()), null),
    /** What to go on with, where a run ended because memory ran out in a step, or perhaps did; else null. */
    smallerBatchSize: v.optional(v.nullable(v.number()), null),
    /** Null where no stage stays as it came, or before that is known. */
    stageCache: v.optional(v.nullable(stageCacheSchema), null),
    /** The pipeline as it was when the run started. */
    pipeline: pipelineSchema,
    classes: v.pipe(v.array(runClassSchema), v.readonly()),
    dataset: v.pipe(
      v.strictObject({
        revision: v.number(),
        /** SHA-256 over image ids, labels and splits of all images that took part. */
        hash: v.string(),
        training: v.number(),
        validation: v.number(),
        test: v.number(),
      }),
      v.readonly(),
    ),
    /** The frozen test set of its start, by which runs that were judged on the same one are known; null while none was frozen. */
    frozenTest: v.optional(
      v.nullable(
        v.pipe(
          v.strictObject({
            frozenAt: v.string(),
            hash: v.string(),
            /** False when labels or images of the test split had changed since it was frozen. */
            isUntouched: v.boolean(),
          }),
          v.readonly(),
        ),
      ),
      null,
    ),
    backboneSha256: v.string(),
    versions: v.pipe(v.record(v.string(), v.string()), v.readonly()),
    machine: v.pipe(v.record(v.string(), v.string()), v.readonly()),
    createdAt: v.string(),
    endedAt: v.nullable(v.string()),
    status: runStatusSchema,
    /** Why it failed or was interrupted: what, and what to do. */
    reason: v.nullable(sentenceSchema),
    /** Of the best weights, on the test split, else validation; null until evaluated or when both are empty. */
    result: v.nullable(
      v.pipe(
        v.strictObject({
          split: splitSchema,
          accuracy: v.number(),
          loss: v.number(),
          correct: v.number(),
          total: v.number(),
        }),
        v.readonly(),
      ),
    ),
    /** The same of a multi-label run, whose `result` is null. */
    labelResult: v.optional(v.nullable(labelResultSchema)),
    /** The epoch whose weights are kept, from 1; null before the first epoch ended. */
    bestEpoch: v.nullable(v.number()),
    seconds: v.nullable(v.number()),
  }),
  v.readonly(),
);
export type RunRecord = v.InferOutput<typeof runRecordSchema>;

/** One line of predictions.jsonl: what the kept weights say about one held-out image. */
export const predictionSchema = v.pipe(
  v.strictObject({
    imageId: imageIdSchema,
    split: splitSchema,
    /** Index of the label among the run's classes. */
    label: v.number(),
    /** One per class of the run, sum 1. */
    probabilities: v.pipe(v.array(v.number()), v.readonly()),
  }),
  v.readonly(),
);
export type Prediction = v.InferOutput<typeof predictionSchema>;

/** The same of a multi-label run. */
export const labelPredictionSchema = v.pipe(
  v.strictObject({
    imageId: imageIdSchema,
    split: splitSchema,
    /** Indices of the labels among the run's classes, rising. */
    labels: v.pipe(v.array(v.number()), v.readonly()),
    /** One per class of the run, each for itself 0 … 1. */
    probabilities: v.pipe(v.array(v.number()), v.readonly()),
  }),
  v.readonly(),
);
export type LabelPrediction = v.InferOutput<typeof labelPredictionSchema>;
