import * as v from 'valibot';
import { optimizerDefaults, optimizerKinds } from './optimizer.ts';
import { recipeSchema, settingsOfVersionTwo } from './recipe.ts';

/** A recipe as any version of Graft wrote it; reading gives the present shape with the meaning unchanged. */
export const storedRecipeSchema = v.pipe(v.unknown(), v.transform(upgradeRecipe), recipeSchema);

/** Brings what may be an older recipe to the present version; what it is not, is left for the schema to refuse. */
function upgradeRecipe(stored: unknown): unknown {
  const recipe = v.safeParse(versionOne, stored);
  if (!recipe.success) return stored;
  // Version 1 had no word for what torch.optim's defaults decide; what it had overrides them.
  const optimizer = { ...optimizerDefaults[recipe.output.optimizer.kind], ...recipe.output.optimizer };
  return { ...settingsOfVersionTwo, ...recipe.output, schemaVersion: 2, optimizer };
}

const versionOne = v.looseObject({
  schemaVersion: v.literal(1),
  optimizer: v.looseObject({ kind: v.picklist(optimizerKinds) }),
});
