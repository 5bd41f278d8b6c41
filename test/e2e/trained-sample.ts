import type { Client } from '../../src-shared/contract/contract.ts';
import type { ProjectId, RunId } from '../../src-shared/domain/ids.ts';
import { defaultRecipe, type Recipe } from '../../src-shared/domain/recipe/recipe.ts';
import { isActiveStatus, type RunRecord } from '../../src-shared/domain/run.ts';
import { textOf } from '../../src-shared/domain/sentence.ts';

/** Opens the smallest bundled sample and names its pipeline. */
export async function openSample(client: Client): Promise<{ projectId: ProjectId; pipelineId: Recipe['pipelineId'] }> {
  const { id: projectId } = await client.call('project.openSample', { sample: 'fluent-emoji' });
  const [pipeline] = (await client.call('pipeline.list', { projectId })).pipelines;
  if (!pipeline) throw new Error('A project starts with a pipeline.');
  return { projectId, pipelineId: pipeline.id };
}

/** Trains two epochs of feature extraction, or what the recipe says instead; resolves with the run that has a result. */
export async function trainSample(
  client: Client,
  sample: Awaited<ReturnType<typeof openSample>>,
  changes: Partial<Recipe> = {},
): Promise<RunRecord> {
  const { projectId, pipelineId } = sample;
  const recipe = { ...defaultRecipe('feature-extraction', pipelineId), epochs: 2, featureVariants: 1, ...changes };
  const { record } = await client.call('run.start', { projectId, recipe });
  return await runEnded(client, projectId, record.id);
}

/** Resolves when a run is completed; rejects when it ended in any other way. */
export async function runEnded(client: Client, projectId: ProjectId, runId: RunId): Promise<RunRecord> {
  for (;;) {
    const { record } = await client.call('run.get', { projectId, runId });
    if (record.status === 'completed') return record;
    if (!isActiveStatus(record.status)) throw new Error(`The run is ${record.status}: ${textOf(record.reason ?? '')}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
