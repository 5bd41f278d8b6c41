import type { PipelineId } from '../../../src-shared/domain/ids.ts';
import { defaultRecipe, type Recipe, type TrainingMode } from '../../../src-shared/domain/recipe/recipe.ts';
import type { RecipeField } from './recipe-field.ts';
import { checkField, recipeFields, type RecipeFieldName } from './recipe-fields.ts';

/** A recipe being written. Each mode keeps its own numbers, so that looking at the other one loses nothing. */
export class RecipeForm {
  recipe: Recipe;
  readonly #others = new Map<TrainingMode, Recipe>();

  readonly wrongFields: readonly RecipeFieldName[] = $derived.by(() =>
    fieldNames().filter((name) => this.check(name) !== null),
  );

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
    return this.recipe.mode === 'fine-tuning' || (name !== 'headEpochs' && name !== 'headRate');
  }
}

function fieldNames(): readonly RecipeFieldName[] {
  return Object.keys(recipeFields).filter((name): name is RecipeFieldName => Object.hasOwn(recipeFields, name));
}
