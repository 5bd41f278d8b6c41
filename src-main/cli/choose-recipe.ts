import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { Recipe } from '../../src-shared/domain/recipe/recipe.ts';
import { choosePipeline } from './choose-pipeline.ts';
import { recipeFromOptions, type RecipeOptions } from './recipe-options.ts';
import { openProject, type Session } from './session.ts';

/** Options of a command that works by a recipe. */
export interface RecipeCommandOptions extends RecipeOptions {
  readonly pipeline?: string;
  readonly json?: boolean;
}

/** Opens the project for writing and makes the recipe that the options ask for. */
export async function chooseRecipe(
  session: Session,
  project: string,
  options: RecipeCommandOptions,
): Promise<{ readonly projectId: ProjectId; readonly recipe: Recipe }> {
  const { id: projectId, labelling } = await openProject(session, project, 'write');
  const pipelineId = await choosePipeline(session, projectId, options.pipeline);
  const recipe = recipeFromOptions(options, pipelineId, labelling);
  return { projectId, recipe };
}
