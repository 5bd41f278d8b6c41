import { mostEpochs } from '../../../src-shared/domain/recipe/epochs.ts';
import type { RecipeField } from './recipe-field.ts';

/** The numbers that keep a network from learning its training images by heart, and those of what learns in fine-tuning. */
export const regularisationFields = {
  labelSmoothing: {
    ...{ label: 'recipe.labelSmoothing', help: 'recipe.labelSmoothingHelp', min: 0, max: 0.9, isWhole: false },
    read: ({ labelSmoothing }) => labelSmoothing,
    write: (recipe, labelSmoothing) => ({ ...recipe, labelSmoothing }),
  },
  mixAlpha: {
    ...{ label: 'recipe.mixAlpha', help: 'recipe.mixAlphaHelp', min: 0.01, max: 10, isWhole: false },
    read: ({ mixing }) => mixing?.alpha ?? null,
    write: (recipe, alpha) => ({ ...recipe, mixing: recipe.mixing && { ...recipe.mixing, alpha } }),
  },
  dropout: {
    ...{ label: 'recipe.dropout', help: 'recipe.dropoutHelp', min: 0, max: 0.95, isWhole: false },
    read: ({ dropout }) => dropout,
    write: (recipe, dropout) => ({ ...recipe, dropout }),
  },
  clipNorm: {
    ...{ label: 'recipe.clipNorm', help: 'recipe.clipNormHelp', min: 1e-4, max: 1e4, isWhole: false },
    isOffAtZero: true,
    read: ({ clipNorm }) => clipNorm ?? 0,
    write: (recipe, clipNorm) => ({ ...recipe, clipNorm: clipNorm === 0 ? null : clipNorm }),
  },
  emaDecay: {
    ...{ label: 'recipe.emaDecay', help: 'recipe.emaDecayHelp', min: 0.5, max: 0.99999, isWhole: false },
    isOffAtZero: true,
    read: ({ emaDecay }) => emaDecay ?? 0,
    write: (recipe, emaDecay) => ({ ...recipe, emaDecay: emaDecay === 0 ? null : emaDecay }),
  },
  layerDecay: {
    ...{ label: 'recipe.layerDecay', help: 'recipe.layerDecayHelp', min: 0.01, max: 1, isWhole: false },
    read: ({ layerDecay }) => layerDecay,
    write: (recipe, layerDecay) => ({ ...recipe, layerDecay }),
  },
  unfreezeEvery: {
    ...{ label: 'recipe.unfreezeEvery', help: 'recipe.unfreezeEveryHelp', min: 1, max: mostEpochs, isWhole: true },
    isOffAtZero: true,
    read: ({ unfreezing }) => unfreezing?.epochsPerStage ?? 0,
    write: (recipe, epochsPerStage) => ({ ...recipe, unfreezing: epochsPerStage === 0 ? null : { epochsPerStage } }),
  },
} as const satisfies Readonly<Record<string, RecipeField>>;
