import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { describeIssue } from '../../src-shared/contract/describe-issue.ts';
import type { BackboneName } from '../../src-shared/domain/backbone.ts';
import type { PipelineId } from '../../src-shared/domain/ids.ts';
import { optimizerDefaults, type Optimizer, type OptimizerKind } from '../../src-shared/domain/recipe/optimizer.ts';
import { defaultRecipe, recipeSchema, type Recipe, type TrainingMode } from '../../src-shared/domain/recipe/recipe.ts';
import type { Schedule } from '../../src-shared/domain/recipe/schedule.ts';

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
  readonly schedule?: Schedule['kind'];
  /** Epochs without a better validation loss. */
  readonly earlyStopping?: number;
  readonly seed?: number;
}

/** The recipe that the options ask for. Throws AppError bad-input for values that no training takes. */
export function recipeFromOptions(options: RecipeOptions, pipelineId: PipelineId): Recipe {
  const base = defaultRecipe(options.mode, pipelineId);
  const epochs = options.epochs ?? base.epochs;
  const recipe: Recipe = {
    ...base,
    epochs,
    backbone: options.backbone ?? base.backbone,
    batchSize: options.batchSize ?? base.batchSize,
    learningRate: options.learningRate ?? base.learningRate,
    optimizer: readOptimizer(options, base.optimizer),
    weightDecay: options.weightDecay ?? base.weightDecay,
    schedule: options.schedule === undefined ? base.schedule : readSchedule(options.schedule, epochs),
    seed: options.seed ?? base.seed,
    earlyStopping: options.earlyStopping === undefined ? base.earlyStopping : { patience: options.earlyStopping },
  };
  const parsed = v.safeParse(recipeSchema, recipe);
  if (!parsed.success) throw new AppError('bad-input', `${describeIssue(parsed.issues[0])}.`);
  return parsed.output;
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

/** PyTorch's StepLR divides by ten; three stages fit any number of epochs. */
function readSchedule(kind: Schedule['kind'], epochs: number): Schedule {
  return kind === 'step' ? { kind, stepSize: Math.max(1, Math.ceil(epochs / 3)), gamma: 0.1 } : { kind };
}
