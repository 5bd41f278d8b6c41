import type { Recipe } from './recipe.ts';
import { scheduleDefaults } from './schedule.ts';

/** What the choices of a recipe are held against. */
export interface RecipeFacts {
  readonly trainingCount: number;
  /** Of the backbone, without the head. */
  readonly stageCount: number;
}

/** A choice in the range that hurts, or that does nothing; `fix` is the safe value. */
export interface RecipeWarning {
  readonly code:
    | 'high-rate'
    | 'trained-norm'
    | 'no-head-first'
    | 'late-steps'
    | 'stops-before-plateau'
    | 'long-warm-up'
    | 'cutmix-on-features'
    | 'stages-not-reached';
  readonly fix: Partial<Recipe>;
}

/**
 * Fine-tuning on 1,000 images of Fashion-MNIST, measured with PyTorch: 86.1 % with the head alone, 72.1 % naively (SGD 0.01, batch norm
 * trained, no head first), 68.5 % head first and batch norm trained at 3e-4; batch norm frozen: 83.9 % at 3e-4, 86.5 % at 1e-4.
 */
const hurtingRate = 3e-4;
const safeRate = 1e-4;
/** Below this many images batch statistics were seen to hurt. */
const enoughForBatchNorm = 5000;

/** What a person should know before such a training starts; empty for the defaults. */
export function recipeWarnings(recipe: Recipe, facts: RecipeFacts): readonly RecipeWarning[] {
  return [
    ...(recipe.mode === 'fine-tuning' ? fineTuningWarnings(recipe, facts) : featureWarnings(recipe)),
    ...scheduleWarnings(recipe),
  ];
}

function fineTuningWarnings(recipe: Recipe, { trainingCount, stageCount }: RecipeFacts): readonly RecipeWarning[] {
  const { learningRate, batchNorm, headFirst, unfreezing, epochs } = recipe;
  const warnings: RecipeWarning[] = [];
  if (learningRate >= hurtingRate) warnings.push({ code: 'high-rate', fix: { learningRate: safeRate } });
  if (batchNorm === 'trained' && trainingCount < enoughForBatchNorm) {
    warnings.push({ code: 'trained-norm', fix: { batchNorm: 'frozen' } });
  }
  if (headFirst.epochs === 0 && !unfreezing) {
    warnings.push({ code: 'no-head-first', fix: { headFirst: { ...headFirst, epochs: 30 } } });
  }
  if (unfreezing && (stageCount - 1) * unfreezing.epochsPerStage >= epochs) {
    const epochsPerStage = Math.floor((epochs - 1) / Math.max(1, stageCount - 1));
    const fix = { unfreezing: epochsPerStage > 0 ? { epochsPerStage } : null };
    warnings.push({ code: 'stages-not-reached', fix });
  }
  return warnings;
}

function featureWarnings({ mixing }: Recipe): readonly RecipeWarning[] {
  if (mixing?.kind !== 'cutmix') return [];
  return [{ code: 'cutmix-on-features', fix: { mixing: { kind: 'mixup', alpha: 0.2 } } }];
}

function scheduleWarnings({ schedule, warmUp, epochs, earlyStopping }: Recipe): readonly RecipeWarning[] {
  const warnings: RecipeWarning[] = [];
  const warmEpochs = warmUp?.epochs ?? 0;
  const epochsLeft = epochs - warmEpochs;
  if (epochs > 1 && epochsLeft < 1) {
    warnings.push({ code: 'long-warm-up', fix: { warmUp: warmUp && { ...warmUp, epochs: 1 } } });
  }
  const firstChange =
    schedule.kind === 'step' ? schedule.stepSize : schedule.kind === 'multi-step' ? (schedule.milestones[0] ?? 0) : 0;
  if (firstChange > 0 && firstChange >= epochsLeft && epochsLeft > 1) {
    warnings.push({ code: 'late-steps', fix: { schedule: scheduleDefaults(epochsLeft)[schedule.kind] } });
  }
  if (schedule.kind === 'reduce-on-plateau' && earlyStopping && earlyStopping.patience <= schedule.patience) {
    const fix = { earlyStopping: { patience: 2 * (schedule.patience + 1) } };
    warnings.push({ code: 'stops-before-plateau', fix });
  }
  return warnings;
}
