import type { Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { RunMaterial } from './run-plan.ts';
import type { RunProject, RunServiceDeps } from './run-ports.ts';

/** What a training is made from, as it is now. */
export async function gatherMaterial(
  deps: Pick<RunServiceDeps, 'readDataset' | 'findBackbone'>,
  { project, recipe, pipeline }: { readonly project: RunProject; readonly recipe: Recipe; readonly pipeline: Pipeline },
): Promise<RunMaterial> {
  const dataset = await deps.readDataset(project.id);
  const backbone = await deps.findBackbone(recipe.backbone);
  return { project, recipe, pipeline, backbone, dataset };
}
