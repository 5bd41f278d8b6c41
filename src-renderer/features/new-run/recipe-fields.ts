import { mostEpochs } from '../../../src-shared/domain/recipe/epochs.ts';
import { optimizerFields } from './optimizer-fields.ts';
import type { RecipeField } from './recipe-field.ts';
import { regularisationFields } from './regularisation-fields.ts';
import { scheduleFields } from './schedule-fields.ts';

const rate = { min: 1e-7, max: 10, isWhole: false } as const;

/** Every number that a person can type into a recipe, with the ranges of the recipe's schema. */
export const recipeFields = {
  epochs: {
    label: 'recipe.epochs',
    help: 'recipe.epochsHelp',
    min: 1,
    max: mostEpochs,
    isWhole: true,
    read: ({ epochs }) => epochs,
    write: (recipe, epochs) => ({ ...recipe, epochs }),
  },
  batchSize: {
    label: 'recipe.batchSize',
    help: 'recipe.batchSizeHelp',
    min: 1,
    max: 512,
    isWhole: true,
    read: ({ batchSize }) => batchSize,
    write: (recipe, batchSize) => ({ ...recipe, batchSize }),
  },
  learningRate: {
    ...rate,
    label: 'recipe.learningRate',
    help: 'recipe.learningRateHelp',
    read: ({ learningRate }) => learningRate,
    write: (recipe, learningRate) => ({ ...recipe, learningRate }),
  },
  weightDecay: {
    label: 'recipe.weightDecay',
    help: 'recipe.weightDecayHelp',
    min: 0,
    max: 1,
    isWhole: false,
    read: ({ weightDecay }) => weightDecay,
    write: (recipe, weightDecay) => ({ ...recipe, weightDecay }),
  },
  ...optimizerFields,
  ...scheduleFields,
  ...regularisationFields,
  headEpochs: {
    label: 'recipe.headEpochs',
    help: 'recipe.headEpochsHelp',
    min: 0,
    max: mostEpochs,
    isWhole: true,
    read: ({ headFirst }) => headFirst.epochs,
    write: (recipe, epochs) => ({ ...recipe, headFirst: { ...recipe.headFirst, epochs } }),
  },
  headRate: {
    ...rate,
    label: 'recipe.headRate',
    help: 'recipe.headRateHelp',
    read: ({ headFirst }) => headFirst.learningRate,
    write: (recipe, learningRate) => ({ ...recipe, headFirst: { ...recipe.headFirst, learningRate } }),
  },
  patience: {
    label: 'recipe.patience',
    help: 'recipe.patienceHelp',
    min: 1,
    max: mostEpochs,
    isWhole: true,
    read: ({ earlyStopping }) => earlyStopping?.patience ?? null,
    write: (recipe, patience) => ({ ...recipe, earlyStopping: { patience } }),
  },
  seed: {
    label: 'recipe.seed',
    help: 'recipe.seedHelp',
    min: 0,
    max: 2 ** 31 - 1,
    isWhole: true,
    read: ({ seed }) => seed,
    write: (recipe, seed) => ({ ...recipe, seed }),
  },
  featureVariants: {
    label: 'recipe.variants',
    help: 'recipe.variantsHelp',
    min: 1,
    max: 64,
    isWhole: true,
    read: ({ featureVariants }) => featureVariants,
    write: (recipe, featureVariants) => ({ ...recipe, featureVariants }),
  },
} as const satisfies Readonly<Record<string, RecipeField>>;

export type RecipeFieldName = keyof typeof recipeFields;

/** What is wrong with a number in a field; null when nothing is. */
export function checkField(field: RecipeField, value: number): 'range' | 'whole' | null {
  if (field.isOffAtZero && value === 0) return null;
  if (value < field.min || value > field.max) return 'range';
  return field.isWhole && !Number.isInteger(value) ? 'whole' : null;
}
