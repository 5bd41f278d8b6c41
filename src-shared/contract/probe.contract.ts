import * as v from 'valibot';
import { jobIdSchema, projectIdSchema } from '../domain/ids.ts';
import { probeSchema } from '../domain/probe.ts';
import { recipeSchema } from '../domain/recipe/recipe.ts';
import { command, done, event } from './define.ts';

const ofRecipe = { input: v.strictObject({ projectId: projectIdSchema, recipe: recipeSchema }), output: probeSchema };

export const probeContract = {
  'probe.findLearningRate': command('Try rising learning rates with a recipe', ofRecipe),
  'probe.estimate': command('Measure what a run by a recipe takes', ofRecipe),
  'probe.cancel': command('Stop a try', { input: v.strictObject({ jobId: jobIdSchema }), output: done }),
} as const;

export const probeEvents = {
  'probe.changed': event(v.strictObject({ probe: probeSchema })),
} as const;
