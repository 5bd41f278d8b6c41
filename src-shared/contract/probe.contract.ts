import * as v from 'valibot';
import { jobIdSchema, projectIdSchema, runIdSchema } from '../domain/ids.ts';
import { pipelineSchema } from '../domain/pipeline/pipeline.ts';
import { probeSchema } from '../domain/probe.ts';
import { recipeSchema } from '../domain/recipe/recipe.ts';
import { command, done, event } from './define.ts';

const ofRecipe = { input: v.strictObject({ projectId: projectIdSchema, recipe: recipeSchema }), output: probeSchema };

export const probeContract = {
  'probe.findLearningRate': command('Try rising learning rates with a recipe', ofRecipe),
  'probe.estimate': command('Measure what a run by a recipe takes', ofRecipe),
  'probe.checkSafety': command('Try what each random step of a pipeline does to the predictions of a run', {
    input: v.strictObject({ projectId: projectIdSchema, runId: runIdSchema, pipeline: pipelineSchema }),
    output: probeSchema,
  }),
  'probe.cancel': command('Stop a try', { input: v.strictObject({ jobId: jobIdSchema }), output: done }),
} as const;

export const probeEvents = {
  'probe.changed': event(v.strictObject({ probe: probeSchema })),
} as const;
