import * as v from 'valibot';
import { jobIdSchema, projectIdSchema } from './ids.ts';
import { safetyReportSchema } from './safety.ts';
import { sentenceSchema } from './sentence.ts';
import { stageCacheSchema } from './stage-cache.ts';

/** One step of a training whose learning rate rises from step to step. */
export const learningRatePointSchema = v.pipe(
  v.strictObject({
    learningRate: v.number(),
    loss: v.number(),
    /** A running mean of the losses up to here. */
    smoothedLoss: v.number(),
  }),
  v.readonly(),
);
export type LearningRatePoint = v.InferOutput<typeof learningRatePointSchema>;

/** What a search for a learning rate found; a suggestion is null when the loss never fell. */
export const learningRateSearchSchema = v.pipe(
  v.strictObject({
    points: v.pipe(v.array(learningRatePointSchema), v.readonly()),
    /** Where the loss falls fastest. */
    steepest: v.nullable(v.number()),
    /** Inside the longest fall, well below where it ends. */
    valley: v.nullable(v.number()),
  }),
  v.readonly(),
);
export type LearningRateSearch = v.InferOutput<typeof learningRateSearchSchema>;

/** What a run by a recipe will take, measured on a few of its images and steps. */
export const runCostSchema = v.pipe(
  v.strictObject({
    /** The batch size that was measured: the recipe's, or the largest that fits into the memory that is free. */
    batchSize: v.number(),
    /** What the recipe's batch size would take by the line through smaller ones; null where that was measured itself. */
    neededMemoryBytes: v.nullable(v.number()),
    /** One training step of that batch size. */
    secondsPerStep: v.number(),
    /** One image through the whole network without learning. */
    secondsPerImage: v.number(),
    /** Training steps over all phases. */
    totalSteps: v.number(),
    /** The whole run, with nothing cached and no early stopping. */
    totalSeconds: v.number(),
    /** The most that the trainer will hold. */
    peakMemoryBytes: v.number(),
    /** That was free when the measurement began, the trainer's own included. */
    availableMemoryBytes: v.number(),
    /** Of the machine. */
    totalMemoryBytes: v.number(),
    /** Null where no stage stays as it came. */
    stageCache: v.nullable(stageCacheSchema),
  }),
  v.readonly(),
);
export type RunCost = v.InferOutput<typeof runCostSchema>;

const statusSchema = v.picklist(['working', 'completed', 'cancelled', 'failed']);

const common = {
  id: jobIdSchema,
  projectId: projectIdSchema,
  status: statusSchema,
  /** 0 … 1. */
  value: v.number(),
  /** Why it failed: what, and what to do. */
  reason: v.nullable(sentenceSchema),
};

/** A try of a recipe or a pipeline: working ─► completed | cancelled | failed. It leaves nothing in the project. */
export const probeSchema = v.variant('kind', [
  v.pipe(
    v.strictObject({ kind: v.literal('learning-rate'), ...common, search: learningRateSearchSchema }),
    v.readonly(),
  ),
  v.pipe(v.strictObject({ kind: v.literal('cost'), ...common, cost: v.nullable(runCostSchema) }), v.readonly()),
  v.pipe(v.strictObject({ kind: v.literal('safety'), ...common, report: safetyReportSchema }), v.readonly()),
]);
export type Probe = v.InferOutput<typeof probeSchema>;
