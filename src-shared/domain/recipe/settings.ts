import type { Recipe } from './recipe.ts';

/** What a setting can be; null: there is none. */
export type SettingValue = string | number | boolean | null;

/** The settings that a recipe's mode uses, by path such as `optimizer.momentum`; a number that nothing looks at is left out. */
export function recipeSettings(recipe: Recipe): ReadonlyMap<string, SettingValue> {
  // The pipeline is known by its steps, not by the id that it is saved under.
  const { schemaVersion: _version, pipelineId: _pipelineId, ...rest } = recipe;
  const { headFirst, batchNorm, trainableFrom, layerDecay, unfreezing, cachesVariants, ...always } = rest;
  const ofFineTuning = { headFirst, batchNorm, trainableFrom, layerDecay, unfreezing, cachesVariants };
  return flattenSettings(recipe.mode === 'fine-tuning' ? { ...always, ...ofFineTuning } : always);
}

/** Objects become paths with dots; lists become text, as a person writes them. */
export function flattenSettings(value: object, prefix = ''): ReadonlyMap<string, SettingValue> {
  const settings = new Map<string, SettingValue>();
  for (const [name, item] of Object.entries(value) as readonly (readonly [string, unknown])[]) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (Array.isArray(item)) settings.set(path, item.map(String).join(', '));
    else if (typeof item === 'object' && item !== null)
      flattenSettings(item, path).forEach((leaf, key) => settings.set(key, leaf));
    else settings.set(path, toSettingValue(item));
  }
  return settings;
}

function toSettingValue(value: unknown): SettingValue {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : null;
}
