import type { SettingValue } from '../../../src-shared/domain/recipe/settings.ts';
import type { StageCache } from '../../../src-shared/domain/stage-cache.ts';
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
  ['schedule.milestones', 'recipe.scheduleMilestones'],
  ['schedule.factor', 'recipe.schedulePlateauFactor'],
  ['schedule.patience', 'recipe.schedulePlateauPatience'],
  ['schedule.threshold', 'recipe.schedulePlateauThreshold'],
  ['schedule.pctStart', 'recipe.schedulePctStart'],
  ['schedule.divFactor', 'recipe.scheduleDivFactor'],
  ['schedule.finalDivFactor', 'recipe.scheduleFinalDivFactor'],
  ['warmUp', 'recipe.warmUp'],
  ['warmUp.epochs', 'recipe.warmUpEpochs'],
  ['warmUp.startFactor', 'recipe.warmUpStart'],
  ['weightDecay', 'recipe.weightDecay'],
  ['seed', 'recipe.seed'],
  ['earlyStopping', 'recipe.stopEarly'],
  ['earlyStopping.patience', 'recipe.earlyStoppingPatience'],
  ['headFirst.epochs', 'recipe.headFirstEpochs'],
  ['headFirst.learningRate', 'recipe.headFirstRate'],
  ['batchNorm', 'recipe.batchNorm'],
  ['featureVariants', 'recipe.variants'],
  ['cachesVariants', 'recipe.cachesVariants'],
  ['labelSmoothing', 'recipe.labelSmoothing'],
  ['classBalance', 'recipe.classBalance'],
  ['mixing', 'recipe.mixing'],
  ['mixing.kind', 'recipe.mixing'],
  ['mixing.alpha', 'recipe.mixAlpha'],
  ['dropout', 'recipe.dropout'],
  ['clipNorm', 'recipe.clipNorm'],
  ['emaDecay', 'recipe.emaDecay'],
  ['trainableFrom', 'recipe.trainableFrom'],
  ['layerDecay', 'recipe.layerDecay'],
  ['unfreezing', 'recipe.unfreezing'],
  ['unfreezing.epochsPerStage', 'recipe.unfreezingEpochs'],
]);

/** Names that are the same in every language. */
const properNames: ReadonlyMap<string, string> = new Map([
  ['sgd', 'SGD'],
  ['rmsprop', 'RMSprop'],
  ['adam', 'Adam'],
  ['adamw', 'AdamW'],
  ['mixup', 'MixUp'],
  ['cutmix', 'CutMix'],
  ['graft', 'Graft'],
  ['node', 'Node.js'],
  ['tfjs', 'TensorFlow.js'],
]);

const engineNames: ReadonlyMap<string, MessageKey> = new Map<string, MessageKey>([
  ['training', 'recipe.trainedWith'],
  ['features', 'recipe.featuresWith'],
]);

const choiceNames: ReadonlyMap<string, MessageKey> = new Map<string, MessageKey>([
  ['feature-extraction', 'recipe.featureExtraction'],
  ['fine-tuning', 'recipe.fineTuning'],
  ['constant', 'recipe.constant'],
  ['step', 'recipe.step'],
  ['cosine', 'recipe.cosine'],
  ['multi-step', 'recipe.multiStep'],
  ['exponential', 'recipe.exponential'],
  ['one-cycle', 'recipe.oneCycle'],
  ['reduce-on-plateau', 'recipe.plateau'],
  ['none', 'recipe.balanceNone'],
  ['class-weights', 'recipe.balanceWeights'],
  ['balanced-sampling', 'recipe.balanceSampling'],
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
  if (value === null) return t(path === 'trainableFrom' ? 'recipe.trainAll' : 'recipe.off');
  if (typeof value === 'boolean') return t(value ? 'recipe.yes' : 'recipe.no');
  if (typeof value === 'string') {
    const choice = choiceNames.get(value);
    return choice ? t(choice) : (properNames.get(value) ?? value);
  }
  if (path === 'seed') return String(value);
  // As it would be typed: 1e-8 is no 0.
  return value !== 0 && Math.abs(value) < 1e-4 ? String(value) : number(value, { maximumSignificantDigits: 6 });
}

/** What became of the stages that do not learn: the size of their cache, or why there is none. */
export function wordStageCache({ t, bytes, say }: I18n, stageCache: StageCache): string {
  if (stageCache.kind === 'skipped') return `${t('recipe.off')} · ${say(stageCache.reason)}`;
  return t('recipe.stageCacheUsed', { size: bytes(stageCache.bytes), layer: stageCache.layer });
}

/** What an entry of a run's `versions` is the version of. */
export function nameVersion(i18n: I18n, part: string): string {
  const key = engineNames.get(part);
  return key ? i18n.t(key) : (properNames.get(part) ?? part);
}
