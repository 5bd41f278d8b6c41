import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { MessageKey } from '../../messages/messages.ts';

/** One number of a recipe: where it is, what it may be, and its words. */
export interface RecipeField {
  readonly label: MessageKey;
  readonly help: MessageKey;
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  /** True where 0 switches the setting off, although `min` is greater. */
  readonly isOffAtZero?: boolean;
  /** Null where the recipe has no such number at the moment. */
  readonly read: (recipe: Recipe) => number | null;
  readonly write: (recipe: Recipe, value: number) => Recipe;
}
