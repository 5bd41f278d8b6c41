import type { TrainingMode } from '../../src-shared/domain/recipe/recipe.ts';

/** What a trainer is started for. */
export type TrainerWork = TrainingMode | 'prediction' | 'verification';
