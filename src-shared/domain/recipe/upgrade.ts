import * as v from 'valibot';
import { optimizerDefaults, optimizerKinds } from './optimizer.ts';
import { recipeSchema } from './recipe.ts';

/** A recipe as any version of Graft wrote it; reading gives the present shape with the meaning unchanged. */
export const storedRecipeSchema = v.pipe(v.unknown(), v.transform(upgradeRecipe), recipeSchema);

/** Brings what may be an older recipe to the present version; what it is not, is left for the schema to refuse. */
function upgradeRecipe(stored: unknown): unknown {
  const recipe = v.safeParse(versionOne, stored);
  if (!recipe.success) return stored;
  const { optimizer } = recipe.output;
  // Version 1 had no word for what torch.optim's defaults decide; what it had overrides them.
  return { ...recipe.output, schemaVersion: 2, optimizer: { ...optimizerDefaults[optimizer.kind], ...optimizer } };
}

const versionOne = v.looseObject({
  schemaVersion: v.literal(1),
  optimizer: v.looseObject({ kind: v.picklist(optimizerKinds) }),
});
