import * as v from 'valibot';
import { backboneNameSchema } from '../backbone.ts';
import { pipelineIdSchema, type PipelineId } from '../ids.ts';
import type { Labelling } from '../labelling.ts';
import { epochsOrNoneSchema, epochsSchema } from './epochs.ts';
import { optimizerDefaults, optimizerSchema } from './optimizer.ts';
import { scheduleSchema, warmUpSchema } from './schedule.ts';

/** Feature extraction: only the new output layer learns. Fine-tuning: new output layer, all parameters learn. */
export const trainingModeSchema = v.picklist(['feature-extraction', 'fine-tuning']);
export type TrainingMode = v.InferOutput<typeof trainingModeSchema>;

const learningRate = v.pipe(v.number(), v.minValue(1e-7), v.maxValue(10));

/** Images a step. */
export const batchSizeSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(512));

export const classBalances = ['none', 'class-weights', 'balanced-sampling'] as const;
export const mixingKinds = ['mixup', 'cutmix'] as const;

/** Everything that decides a training besides the images; same recipe, images and machine: same result. */
export const recipeSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(3),
    mode: trainingModeSchema,
    backbone: backboneNameSchema,
    pipelineId: pipelineIdSchema,
    /** Passes over the training images; in fine-tuning those after the head's own. */
    epochs: epochsSchema,
    batchSize: batchSizeSchema,
    learningRate,
    optimizer: optimizerSchema,
    schedule: scheduleSchema,
    /** Before the schedule; in fine-tuning before that of all parameters. */
    warmUp: v.nullable(warmUpSchema),
    weightDecay: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1)),
    /** Stops after this many epochs without a better validation loss; null never stops early. */
    earlyStopping: v.nullable(v.pipe(v.strictObject({ patience: epochsSchema }), v.readonly())),
    /** Fine-tuning only: the head learns first, on frozen features. Epochs may be 0. */
    headFirst: v.pipe(v.strictObject({ epochs: epochsOrNoneSchema, learningRate }), v.readonly()),
    /** Batch normalization in fine-tuning: keep ImageNet's statistics, or learn with each batch's. */
    batchNorm: v.picklist(['frozen', 'trained']),
    /** torch.nn.CrossEntropyLoss's label_smoothing; 0 is off. */
    labelSmoothing: v.pipe(v.number(), v.minValue(0), v.maxValue(0.9)),
    /** What is done about classes of different sizes: weigh them in the loss, or draw them equally often. */
    classBalance: v.picklist(classBalances),
    /** Batches of blended images, as torchvision's v2 MixUp and CutMix make them; α is Beta's. CutMix works on pixels only. */
    mixing: v.nullable(
      v.pipe(
        v.strictObject({ kind: v.picklist(mixingKinds), alpha: v.pipe(v.number(), v.minValue(0.01), v.maxValue(10)) }),
        v.readonly(),
      ),
    ),
    /** Share of the features that is dropped before the output layer in training; 0 is off. */
    dropout: v.pipe(v.number(), v.minValue(0), v.maxValue(0.95)),
    /** Greatest norm of all gradients together (clip_grad_norm_); null does not clip. */
    clipNorm: v.nullable(v.pipe(v.number(), v.minValue(1e-4), v.maxValue(1e4))),
    /** The weights that are judged and kept are an exponential moving average with this decay; null keeps those of the steps. */
    emaDecay: v.nullable(v.pipe(v.number(), v.minValue(0.5), v.maxValue(0.99999))),
    /** Fine-tuning: the first stage of the backbone that learns; null: all. */
    trainableFrom: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(80))),
    /** Fine-tuning: each stage below the head learns at this times the rate of the one above it (timm's layer decay); 1 is off. */
    layerDecay: v.pipe(v.number(), v.minValue(0.01), v.maxValue(1)),
    /** Fine-tuning: stages begin to learn one after the other, from the head downwards; null: all at once. */
    unfreezing: v.nullable(v.pipe(v.strictObject({ epochsPerStage: epochsSchema }), v.readonly())),
    /** How many differently augmented versions of each image are cached while the backbone is frozen. */
    featureVariants: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
    /** Fine-tuning from a stage with random steps: learn from so many cached versions of each image, not from fresh ones each epoch. */
    cachesVariants: v.boolean(),
  }),
  v.readonly(),
);
export type Recipe = v.InferOutput<typeof recipeSchema>;

/** What version 1 did without naming it: everything that came with version 2, switched off. */
export const settingsOfVersionTwo = {
  warmUp: null,
  labelSmoothing: 0,
  classBalance: 'none',
  mixing: null,
  dropout: 0,
  clipNorm: null,
  emaDecay: null,
  trainableFrom: null,
  layerDecay: 1,
  unfreezing: null,
} as const satisfies Partial<Recipe>;

/** What came with version 3, as the versions before it did without naming it. */
export const settingsOfVersionThree = { cachesVariants: false } as const satisfies Partial<Recipe>;

/** The recipe that a person gets without choosing anything; why these numbers: docs/decisions. */
export function defaultRecipe(
  mode: TrainingMode,
  pipelineId: PipelineId,
  labelling: Labelling = 'single-label',
): Recipe {
  const isFineTuning = mode === 'fine-tuning';
  // A binary cross-entropy is the mean over the classes too, so that each class has a fraction of the gradient.
  const headRate = labelling === 'multi-label' ? 0.1 : 0.01;
  return {
    schemaVersion: 3,
    mode,
    backbone: 'efficientnet-lite0',
    pipelineId,
    epochs: isFineTuning ? 3 : 30,
    batchSize: 32,
    learningRate: isFineTuning ? 1e-4 : headRate,
    optimizer: optimizerDefaults.sgd,
    schedule: { kind: isFineTuning ? 'cosine' : 'constant' },
    ...settingsOfVersionTwo,
    weightDecay: 0,
    seed: 1,
    earlyStopping: null,
    headFirst: { epochs: 30, learningRate: headRate },
    batchNorm: 'frozen',
    featureVariants: 2,
    ...settingsOfVersionThree,
  };
}
