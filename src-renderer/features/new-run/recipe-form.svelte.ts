import type { BackboneName } from '../../../src-shared/domain/backbone.ts';
import type { PipelineId } from '../../../src-shared/domain/ids.ts';
import { optimizerDefaults } from '../../../src-shared/domain/recipe/optimizer.ts';
import { defaultRecipe, type Recipe, type TrainingMode } from '../../../src-shared/domain/recipe/recipe.ts';
import { scheduleDefaults } from '../../../src-shared/domain/recipe/schedule.ts';
import { recipeSettings } from '../../../src-shared/domain/recipe/settings.ts';
import type { RecipeField } from './recipe-field.ts';
import { checkField, recipeFields, type RecipeFieldName } from './recipe-fields.ts';

const fineTuningOnly: ReadonlySet<RecipeFieldName> = new Set(['headEpochs', 'headRate', 'layerDecay', 'unfreezeEvery']);

/** A recipe being written. Each mode keeps its own numbers, so that looking at the other one loses nothing. */
export class RecipeForm {
  recipe: Recipe;
  readonly #others = new Map<TrainingMode, Recipe>();

  readonly wrongFields: readonly RecipeFieldName[] = $derived.by(() =>
    fieldNames().filter((name) => this.check(name) !== null),
  );

  /** How many settings under Advanced are not the usual ones. */
  readonly advancedChanges = $derived.by(() => {
    const { mode, pipelineId, optimizer, schedule, epochs } = this.recipe;
    const usual = {
      ...defaultRecipe(mode, pipelineId),
      optimizer: optimizerDefaults[optimizer.kind],
      schedule: scheduleDefaults(epochs)[schedule.kind],
    };
    const settings = recipeSettings(usual);
    return [...recipeSettings(this.recipe)].filter(([path, value]) => {
      return isAdvanced(path) && value !== (settings.get(path) ?? null);
    }).length;
  });

  constructor(recipe: Recipe) {
    this.recipe = $state.raw(recipe);
  }

  setMode(mode: TrainingMode): void {
    if (mode === this.recipe.mode) return;
    this.#others.set(this.recipe.mode, this.recipe);
    const { backbone, pipelineId, seed } = this.recipe;
    this.recipe = { ...(this.#others.get(mode) ?? defaultRecipe(mode, pipelineId)), backbone, pipelineId, seed };
  }

  change(part: Partial<Recipe>): void {
    this.recipe = { ...this.recipe, ...part };
  }

  /** Another backbone may not have the stage that training began at; then all learn. */
  setBackbone(backbone: BackboneName, stages: readonly string[]): void {
    const { trainableFrom } = this.recipe;
    this.change({
      backbone,
      trainableFrom: trainableFrom !== null && stages.includes(trainableFrom) ? trainableFrom : null,
    });
  }

  setPipeline(pipelineId: PipelineId): void {
    this.change({ pipelineId });
  }

  read(name: RecipeFieldName): number | null {
    return recipeFields[name].read(this.recipe);
  }

  write(name: RecipeFieldName, value: number): void {
    this.recipe = recipeFields[name].write(this.recipe, value);
  }

  /** What is wrong with a field; one that the mode does not use cannot be wrong. */
  check(name: RecipeFieldName): 'range' | 'whole' | null {
    const field: RecipeField = recipeFields[name];
    const value = field.read(this.recipe);
    return value === null || !this.isUsed(name) ? null : checkField(field, value);
  }

  isUsed(name: RecipeFieldName): boolean {
    return this.recipe.mode === 'fine-tuning' || !fineTuningOnly.has(name);
  }
}

/** True for a path of `recipeSettings` whose field is under Advanced. */
function isAdvanced(path: string): boolean {
  return /^(optimizer\.(?!kind|momentum)|schedule\.(pctStart|divFactor|finalDivFactor|threshold)|warmUp|labelSmoothing|classBalance|mixing|dropout|clipNorm|emaDecay|trainableFrom|layerDecay|unfreezing|cachesVariants)/u.test(
    path,
  );
}

function fieldNames(): readonly RecipeFieldName[] {
  return Object.keys(recipeFields).filter((name): name is RecipeFieldName => Object.hasOwn(recipeFields, name));
}
