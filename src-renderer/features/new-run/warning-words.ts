import type { RecipeWarning } from '../../../src-shared/domain/recipe/warnings.ts';
import type { MessageKey } from '../../messages/messages.ts';

type Code = RecipeWarning['code'];

/** Where a warning stands in the form, and its words; `fix` is on the button that takes the safe value. */
export const warningWords: Readonly<
  Record<
    Code,
    {
      readonly section: 'optimisation' | 'head-first' | 'advanced';
      readonly text: MessageKey;
      readonly fix: MessageKey;
    }
  >
> = {
  'high-rate': { section: 'optimisation', text: 'recipe.highRate', fix: 'recipe.useRate' },
  'late-steps': { section: 'optimisation', text: 'recipe.lateSteps', fix: 'recipe.lateStepsFix' },
  'stops-before-plateau': { section: 'optimisation', text: 'recipe.stopsFirst', fix: 'recipe.stopsFirstFix' },
  'trained-norm': { section: 'head-first', text: 'recipe.trainedNorm', fix: 'recipe.keepNorm' },
  'no-head-first': { section: 'head-first', text: 'recipe.noHeadFirst', fix: 'recipe.noHeadFirstFix' },
  'long-warm-up': { section: 'advanced', text: 'recipe.longWarmUp', fix: 'recipe.longWarmUpFix' },
  'cutmix-on-features': { section: 'advanced', text: 'recipe.cutmixFeatures', fix: 'recipe.cutmixFeaturesFix' },
  'stages-not-reached': { section: 'advanced', text: 'recipe.stagesLate', fix: 'recipe.stagesLateFix' },
};
