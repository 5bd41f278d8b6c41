import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { describeIssue } from '../../src-shared/contract/describe-issue.ts';
import type { BackboneName } from '../../src-shared/domain/backbone.ts';
import type { PipelineId } from '../../src-shared/domain/ids.ts';
import type { Labelling } from '../../src-shared/domain/labelling.ts';
import { optimizerDefaults, type Optimizer, type OptimizerKind } from '../../src-shared/domain/recipe/optimizer.ts';
import { defaultRecipe, recipeSchema, type Recipe, type TrainingMode } from '../../src-shared/domain/recipe/recipe.ts';
import {
  defaultWarmUp,
  scheduleDefaults,
  type Schedule,
  type ScheduleKind,
} from '../../src-shared/domain/recipe/schedule.ts';

/** What a person may set of a recipe on the command line; the rest stays as the mode's default has it. */
export interface RecipeOptions {
  readonly mode: TrainingMode;
  readonly backbone?: BackboneName;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly optimizer?: OptimizerKind;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly alpha?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  readonly schedule?: ScheduleKind;
  readonly stepSize?: number;
  readonly milestones?: readonly number[];
  readonly gamma?: number;
  readonly pctStart?: number;
  readonly divFactor?: number;
  readonly finalDivFactor?: number;
  readonly plateauFactor?: number;
  readonly plateauPatience?: number;
  readonly plateauThreshold?: number;
  readonly warmUpEpochs?: number;
  readonly warmUpStart?: number;
  readonly labelSmoothing?: number;
  readonly classBalance?: Recipe['classBalance'];
  /** α. */
  readonly mixup?: number;
  readonly cutmix?: number;
  readonly dropout?: number;
  readonly clipNorm?: number;
  /** The decay. */
  readonly ema?: number;
  readonly headEpochs?: number;
  readonly headLearningRate?: number;
  readonly batchNorm?: Recipe['batchNorm'];
  readonly trainableFrom?: string;
  readonly layerDecay?: number;
  readonly unfreezeEvery?: number;
  readonly featureVariants?: number;
  readonly cacheVariants?: boolean;
  /** Epochs without a better validation loss. */
  readonly earlyStopping?: number;
  readonly seed?: number;
}

/** The recipe that the options ask for. Throws AppError bad-input for values that no training takes. */
export function recipeFromOptions(
  options: RecipeOptions,
  pipelineId: PipelineId,
  labelling: Labelling = 'single-label',
): Recipe {
  const base = defaultRecipe(options.mode, pipelineId, labelling);
  const { headEpochs, headLearningRate, earlyStopping, unfreezeEvery, ema } = options;
  const recipe: Recipe = {
    ...base,
    ...onlyGiven(options, plainSettings),
    optimizer: readOptimizer(options, base.optimizer),
    schedule: readSchedule(options, base),
    warmUp: readWarmUp(options),
    mixing: readMixing(options),
    earlyStopping: earlyStopping === undefined ? base.earlyStopping : { patience: earlyStopping },
    emaDecay: ema ?? base.emaDecay,
    headFirst: {
      epochs: headEpochs ?? base.headFirst.epochs,
      learningRate: headLearningRate ?? base.headFirst.learningRate,
    },
    cachesVariants: options.cacheVariants ?? base.cachesVariants,
    unfreezing: unfreezeEvery === undefined ? base.unfreezing : { epochsPerStage: unfreezeEvery },
  };
  const parsed = v.safeParse(recipeSchema, recipe);
  if (!parsed.success) throw new AppError('bad-input', describeIssue(parsed.issues[0]));
  return parsed.output;
}

/** Options that are a recipe's setting as they are. */
const plainSettings = [
  ...([
    'backbone',
    'epochs',
    'batchSize',
    'learningRate',
    'weightDecay',
    'seed',
    'labelSmoothing',
    'classBalance',
  ] as const),
  ...(['dropout', 'clipNorm', 'batchNorm', 'trainableFrom', 'layerDecay', 'featureVariants'] as const),
] as const;

/** The named options that were given. */
function onlyGiven<Name extends keyof RecipeOptions>(
  options: RecipeOptions,
  names: readonly Name[],
): { readonly [Given in Name]?: NonNullable<RecipeOptions[Given]> } {
  const given = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(given) as { readonly [Given in Name]?: NonNullable<RecipeOptions[Given]> };
}

function readOptimizer(options: RecipeOptions, base: Optimizer): Optimizer {
  const { optimizer = base.kind, momentum, nesterov, alpha, beta1, beta2, epsilon } = options;
  const start: Optimizer = optimizer === base.kind ? base : optimizerDefaults[optimizer];
  return withGiven('--optimizer', start, {
    momentum: { flag: '--momentum', value: momentum },
    isNesterov: { flag: '--nesterov', value: nesterov },
    alpha: { flag: '--alpha', value: alpha },
    beta1: { flag: '--beta1', value: beta1 },
    beta2: { flag: '--beta2', value: beta2 },
    epsilon: { flag: '--epsilon', value: epsilon },
  });
}

/** The settings of a kind with the given ones in their places; a flag that the kind does not know is refused. */
function withGiven<Settings extends { readonly kind: string }>(
  chosenBy: string,
  settings: Settings,
  given: Readonly<Record<string, { readonly flag: string; readonly value: unknown }>>,
): Settings {
  const set = Object.entries(given).filter(([, { value }]) => value !== undefined);
  for (const [name, { flag }] of set) {
    if (!Object.hasOwn(settings, name)) {
      const message = `Expected ‹a kind that has ${flag}› for ‹${chosenBy}›, received ‹${settings.kind}›.`;
      throw new AppError('bad-input', message);
    }
  }
  return { ...settings, ...Object.fromEntries(set.map(([name, { value }]) => [name, value])) };
}

function readSchedule(options: RecipeOptions, base: Recipe): Schedule {
  const kind = options.schedule ?? base.schedule.kind;
  return withGiven<Schedule>('--schedule', scheduleDefaults(options.epochs ?? base.epochs)[kind], {
    stepSize: { flag: '--step-size', value: options.stepSize },
    milestones: { flag: '--milestones', value: options.milestones },
    gamma: { flag: '--gamma', value: options.gamma },
    pctStart: { flag: '--pct-start', value: options.pctStart },
    divFactor: { flag: '--div-factor', value: options.divFactor },
    finalDivFactor: { flag: '--final-div-factor', value: options.finalDivFactor },
    factor: { flag: '--plateau-factor', value: options.plateauFactor },
    patience: { flag: '--plateau-patience', value: options.plateauPatience },
    threshold: { flag: '--plateau-threshold', value: options.plateauThreshold },
  });
}

function readWarmUp({ warmUpEpochs = 0, warmUpStart }: RecipeOptions): Recipe['warmUp'] {
  if (warmUpEpochs > 0) return { epochs: warmUpEpochs, startFactor: warmUpStart ?? defaultWarmUp.startFactor };
  if (warmUpStart === undefined) return null;
  throw new AppError(
    'bad-input',
    'Expected ‹an epoch or more› for ‹--warm-up-epochs› with --warm-up-start, received ‹0›.',
  );
}

function readMixing({ mixup, cutmix }: RecipeOptions): Recipe['mixing'] {
  if (mixup !== undefined && cutmix !== undefined) {
    throw new AppError('bad-input', 'Expected ‹one of both› for ‹--mixup, --cutmix›, received ‹both›.');
  }
  if (mixup !== undefined) return { kind: 'mixup', alpha: mixup };
  return cutmix === undefined ? null : { kind: 'cutmix', alpha: cutmix };
}
