import type { SettingValue } from '../../../src-shared/domain/recipe/settings.ts';
import type { MessageKey } from '../../messages/messages.ts';
import type { I18n } from '../../state/i18n.svelte.ts';

const settingNames: ReadonlyMap<string, MessageKey> = new Map<string, MessageKey>([
  ['mode', 'recipe.whatLearns'],
  ['backbone', 'recipe.backbone'],
  ['epochs', 'recipe.epochs'],
  ['batchSize', 'recipe.batchSize'],
  ['learningRate', 'recipe.learningRate'],
  ['optimizer.kind', 'recipe.optimizer'],
  ['optimizer.momentum', 'recipe.momentum'],
  ['optimizer.isNesterov', 'recipe.nesterov'],
  ['optimizer.alpha', 'recipe.alpha'],
  ['optimizer.beta1', 'recipe.beta1'],
  ['optimizer.beta2', 'recipe.beta2'],
  ['optimizer.epsilon', 'recipe.epsilon'],
  ['schedule.kind', 'recipe.schedule'],
  ['schedule.stepSize', 'recipe.scheduleStepSize'],
  ['schedule.gamma', 'recipe.scheduleGamma'],
  ['weightDecay', 'recipe.weightDecay'],
  ['seed', 'recipe.seed'],
  ['earlyStopping', 'recipe.stopEarly'],
  ['earlyStopping.patience', 'recipe.earlyStoppingPatience'],
  ['headFirst.epochs', 'recipe.headFirstEpochs'],
  ['headFirst.learningRate', 'recipe.headFirstRate'],
  ['batchNorm', 'recipe.batchNorm'],
  ['featureVariants', 'recipe.variants'],
]);

/** Names that are the same in every language. */
const properNames: ReadonlyMap<string, string> = new Map([
  ['sgd', 'SGD'],
  ['rmsprop', 'RMSprop'],
  ['adam', 'Adam'],
  ['adamw', 'AdamW'],
]);

const choiceNames: ReadonlyMap<string, MessageKey> = new Map<string, MessageKey>([
  ['feature-extraction', 'recipe.featureExtraction'],
  ['fine-tuning', 'recipe.fineTuning'],
  ['constant', 'recipe.constant'],
  ['step', 'recipe.step'],
  ['cosine', 'recipe.cosine'],
  ['frozen', 'recipe.batchNormFrozen'],
  ['trained', 'recipe.batchNormTrained'],
]);

/** The name of a recipe's setting by its path in `recipeSettings`; undefined for a path that no recipe has. */
export function nameSetting({ t }: I18n, path: string): string | undefined {
  const key = settingNames.get(path);
  return key && t(key);
}

/** A setting's value as a person reads it. */
export function wordSettingValue({ t, number }: I18n, path: string, value: SettingValue): string {
  if (value === null) return t('recipe.off');
  if (typeof value === 'boolean') return t(value ? 'recipe.yes' : 'recipe.no');
  if (typeof value === 'string') {
    const choice = choiceNames.get(value);
    return choice ? t(choice) : (properNames.get(value) ?? value);
  }
  if (path === 'seed') return String(value);
  // As it would be typed: 1e-8 is no 0.
  return value !== 0 && Math.abs(value) < 1e-4 ? String(value) : number(value, { maximumSignificantDigits: 6 });
}
