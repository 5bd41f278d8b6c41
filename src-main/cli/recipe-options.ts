import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { describeIssue } from '../../src-shared/contract/describe-issue.ts';
import type { BackboneName } from '../../src-shared/domain/backbone.ts';
import type { PipelineId } from '../../src-shared/domain/ids.ts';
import {
  defaultRecipe,
  recipeSchema,
  type Optimizer,
  type Recipe,
  type Schedule,
  type TrainingMode,
} from '../../src-shared/domain/recipe.ts';

/** What a person may set of a recipe on the command line; the rest stays as the mode's default has it. */
export interface RecipeOptions {
  readonly mode: TrainingMode;
  readonly backbone?: BackboneName;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly optimizer?: Optimizer['kind'];
  readonly momentum?: number;
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

function readOptimizer({ optimizer, momentum }: RecipeOptions, base: Optimizer): Optimizer {
  const kind = optimizer ?? base.kind;
  if (kind === 'sgd') return { kind, momentum: momentum ?? (base.kind === 'sgd' ? base.momentum : 0.9) };
  if (momentum === undefined) return { kind };
  throw new AppError('bad-input', `Expected ‹sgd› for ‹--optimizer› with --momentum, received ‹${kind}›.`);
}

/** PyTorch's StepLR divides by ten; three stages fit any number of epochs. */
function readSchedule(kind: Schedule['kind'], epochs: number): Schedule {
  return kind === 'step' ? { kind, stepSize: Math.max(1, Math.ceil(epochs / 3)), gamma: 0.1 } : { kind };
}
