import * as v from 'valibot';
import { optimizerDefaults, optimizerKinds } from './optimizer.ts';
import { recipeSchema, settingsOfVersionThree, settingsOfVersionTwo } from './recipe.ts';

/** A recipe as any version of Graft wrote it; reading gives the present shape with the meaning unchanged. */
export const storedRecipeSchema = v.pipe(
  v.unknown(),
  v.transform(fromVersionOne),
  v.transform(fromVersionTwo),
  recipeSchema,
);

/** Brings a recipe of version 1 to version 2; everything else is left for the next to look at. */
function fromVersionOne(stored: unknown): unknown {
  const recipe = v.safeParse(versionOne, stored);
  if (!recipe.success) return stored;
  // Version 1 had no word for what torch.optim's defaults decide; what it had overrides them.
  const optimizer = { ...optimizerDefaults[recipe.output.optimizer.kind], ...recipe.output.optimizer };
  return { ...settingsOfVersionTwo, ...recipe.output, schemaVersion: 2, optimizer };
}

/** Brings a recipe of version 2 to version 3; what it is not, is left for the schema to refuse. */
function fromVersionTwo(stored: unknown): unknown {
  const recipe = v.safeParse(versionTwo, stored);
  return recipe.success ? { ...settingsOfVersionThree, ...recipe.output, schemaVersion: 3 } : stored;
}

const versionOne = v.looseObject({
  schemaVersion: v.literal(1),
  optimizer: v.looseObject({ kind: v.picklist(optimizerKinds) }),
});
const versionTwo = v.looseObject({ schemaVersion: v.literal(2) });
