import { mostEpochs } from '../../../src-shared/domain/recipe/epochs.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { defaultWarmUp, type Schedule } from '../../../src-shared/domain/recipe/schedule.ts';
import type { RecipeField } from './recipe-field.ts';

type ScheduleNumber =
  'stepSize' | 'gamma' | 'pctStart' | 'divFactor' | 'finalDivFactor' | 'factor' | 'patience' | 'threshold';

/** Where a number lies that only some schedules have. */
function inSchedule(name: ScheduleNumber): Pick<RecipeField, 'read' | 'write'> {
  const read = ({ schedule }: Recipe): number | null => {
    const numbers: Pick<Schedule, 'kind'> & Partial<Record<ScheduleNumber, number>> = schedule;
    return numbers[name] ?? null;
  };
  return {
    read,
    write: (recipe, value) =>
      read(recipe) === null ? recipe : { ...recipe, schedule: { ...recipe.schedule, [name]: value } },
  };
}

const divisor = { min: 1, max: 1e8, isWhole: false } as const;

/** The numbers of the schedules and of the warm-up before them, in PyTorch's words. */
export const scheduleFields = {
  stepSize: {
    ...{ label: 'recipe.stepSize', help: 'recipe.epochsUnit', min: 1, max: mostEpochs, isWhole: true },
    ...inSchedule('stepSize'),
  },
  gamma: {
    ...{ label: 'recipe.gamma', help: 'recipe.gammaHelp', min: 0.0001, max: 1, isWhole: false },
    ...inSchedule('gamma'),
  },
  plateauFactor: {
    ...{ label: 'recipe.plateauFactor', help: 'recipe.gammaHelp', min: 0.0001, max: 0.99, isWhole: false },
    ...inSchedule('factor'),
  },
  plateauPatience: {
    ...{ label: 'recipe.plateauPatience', help: 'recipe.plateauPatienceHelp', min: 0, max: mostEpochs, isWhole: true },
    ...inSchedule('patience'),
  },
  plateauThreshold: {
    ...{ label: 'recipe.plateauThreshold', help: 'recipe.plateauThresholdHelp', min: 0, max: 0.5, isWhole: false },
    ...inSchedule('threshold'),
  },
  pctStart: {
    ...{ label: 'recipe.pctStart', help: 'recipe.pctStartHelp', min: 0.01, max: 0.99, isWhole: false },
    ...inSchedule('pctStart'),
  },
  divFactor: { label: 'recipe.divFactor', help: 'recipe.divFactorHelp', ...divisor, ...inSchedule('divFactor') },
  finalDivFactor: {
    ...{ label: 'recipe.finalDivFactor', help: 'recipe.finalDivFactorHelp' },
    ...divisor,
    ...inSchedule('finalDivFactor'),
  },
  warmUpEpochs: {
    ...{ label: 'recipe.warmUpEpochs', help: 'recipe.warmUpEpochsHelp', min: 1, max: mostEpochs, isWhole: true },
    isOffAtZero: true,
    read: ({ warmUp }) => warmUp?.epochs ?? 0,
    write: (recipe, epochs) => ({
      ...recipe,
      warmUp: epochs === 0 ? null : { ...(recipe.warmUp ?? defaultWarmUp), epochs },
    }),
  },
  warmUpStart: {
    ...{ label: 'recipe.warmUpStart', help: 'recipe.warmUpStartHelp', min: 0.0001, max: 1, isWhole: false },
    read: ({ warmUp }) => warmUp?.startFactor ?? null,
    write: (recipe, startFactor) => ({ ...recipe, warmUp: recipe.warmUp && { ...recipe.warmUp, startFactor } }),
  },
} as const satisfies Readonly<Record<string, RecipeField>>;
