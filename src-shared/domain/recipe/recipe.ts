import * as v from 'valibot';
import { backboneNameSchema } from '../backbone.ts';
import { pipelineIdSchema, type PipelineId } from '../ids.ts';
import { optimizerDefaults, optimizerSchema } from './optimizer.ts';
import { scheduleSchema } from './schedule.ts';

/** Feature extraction: only the new output layer learns. Fine-tuning: new output layer, all parameters learn. */
export const trainingModeSchema = v.picklist(['feature-extraction', 'fine-tuning']);
export type TrainingMode = v.InferOutput<typeof trainingModeSchema>;

const learningRate = v.pipe(v.number(), v.minValue(1e-7), v.maxValue(10));
const epochs = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10000));

/** Everything that decides a training besides the images; same recipe, images and machine: same result. */
export const recipeSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(2),
    mode: trainingModeSchema,
    backbone: backboneNameSchema,
    pipelineId: pipelineIdSchema,
    /** Passes over the training images; in fine-tuning those after the head's own. */
    epochs,
    batchSize: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(512)),
    learningRate,
    optimizer: optimizerSchema,
    schedule: scheduleSchema,
    weightDecay: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1)),
    /** Stops after this many epochs without a better validation loss; null never stops early. */
    earlyStopping: v.nullable(v.pipe(v.strictObject({ patience: epochs }), v.readonly())),
    /** Fine-tuning only: the head learns first, on frozen features. Epochs may be 0. */
    headFirst: v.pipe(
      v.strictObject({ epochs: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10000)), learningRate }),
      v.readonly(),
    ),
    /** Batch normalization in fine-tuning: keep ImageNet's statistics, or learn with each batch's. */
    batchNorm: v.picklist(['frozen', 'trained']),
    /** How many differently augmented versions of each image are cached while the backbone is frozen. */
    featureVariants: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
  }),
  v.readonly(),
);
export type Recipe = v.InferOutput<typeof recipeSchema>;

/** The recipe that a person gets without choosing anything; why these numbers: docs/decisions. */
export function defaultRecipe(mode: TrainingMode, pipelineId: PipelineId): Recipe {
  const isFineTuning = mode === 'fine-tuning';
  return {
    schemaVersion: 2,
    mode,
    backbone: 'efficientnet-lite0',
    pipelineId,
    epochs: isFineTuning ? 3 : 30,
    batchSize: 32,
    learningRate: isFineTuning ? 1e-4 : 0.01,
    optimizer: optimizerDefaults.sgd,
    schedule: { kind: isFineTuning ? 'cosine' : 'constant' },
    weightDecay: 0,
    seed: 1,
    earlyStopping: null,
    headFirst: { epochs: 30, learningRate: 0.01 },
    batchNorm: 'frozen',
    featureVariants: 2,
  };
}
