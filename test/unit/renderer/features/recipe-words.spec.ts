import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { pipelineIdSchema } from '../../../../src-shared/domain/ids.ts';
import { optimizerDefaults, optimizerKinds } from '../../../../src-shared/domain/recipe/optimizer.ts';
import { classBalances, defaultRecipe, mixingKinds, type Recipe } from '../../../../src-shared/domain/recipe/recipe.ts';
import { defaultWarmUp, scheduleDefaults } from '../../../../src-shared/domain/recipe/schedule.ts';
import { recipeSettings } from '../../../../src-shared/domain/recipe/settings.ts';
import { nameSetting, wordSettingValue } from '../../../../src-renderer/features/new-run/recipe-words.ts';
import { I18n } from '../../../../src-renderer/state/i18n.svelte.ts';

const base = defaultRecipe('fine-tuning', v.parse(pipelineIdSchema, 'classic'));
/** Recipes that have every setting between them. */
const recipes: readonly Recipe[] = [
  {
    ...base,
    ...{
      earlyStopping: { patience: 2 },
      warmUp: defaultWarmUp,
      unfreezing: { epochsPerStage: 1 },
      trainableFrom: 'block6',
    },
  },
  ...mixingKinds.map((kind) => ({ ...base, mixing: { kind, alpha: 0.2 } })),
  ...classBalances.map((classBalance) => ({ ...base, classBalance })),
  ...Object.values(scheduleDefaults(30)).map((schedule) => ({ ...base, schedule })),
  ...optimizerKinds.map((kind) => ({ ...base, optimizer: optimizerDefaults[kind] })),
];
/** A backbone, a stage of it and a list of epochs have no other words. */
const ownWords = new Set(['backbone', 'trainableFrom', 'schedule.milestones']);
const settings = recipes.flatMap((recipe) => [...recipeSettings(recipe)]);

describe.each(['en', 'zh-CN'] as const)('in %s', (language) => {
  const i18n = new I18n();
  i18n.language = language;

  it.each([...new Set(settings.map(([path]) => path))])('%s has a name', (path) => {
    expect(nameSetting(i18n, path)).toMatch(/\S/u);
  });

  it('no value is told in the words of the file', () => {
    const texts = settings.flatMap(([path, value]) =>
      typeof value === 'string' && !ownWords.has(path) ? [[path, value] as const] : [],
    );
    for (const [path, value] of texts) expect(wordSettingValue(i18n, path, value)).not.toBe(value);
  });
});

it('small numbers are told as they would be typed', () => {
  const i18n = new I18n();
  expect(wordSettingValue(i18n, 'optimizer.epsilon', 1e-8)).toBe('1e-8');
  expect(wordSettingValue(i18n, 'learningRate', 0.0003)).toBe('0.0003');
  expect(wordSettingValue(i18n, 'seed', 12345)).toBe('12345');
});
