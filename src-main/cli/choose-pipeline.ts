import { readFile } from 'node:fs/promises';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { PipelineId, ProjectId } from '../../src-shared/domain/ids.ts';
import { stableJson } from '../../src-shared/lib/stable-json.ts';
import { takePipelineText } from './pipeline-file.ts';
import type { Session } from './session.ts';

/**
 * The pipeline to train with: by name or id among the project's, or a file, JSON as in pipelines/ or Python, which is
 * then saved in the project; the project's first one when none is named.
 */
export async function choosePipeline(
  session: Session,
  projectId: ProjectId,
  fileOrName: string | undefined,
): Promise<PipelineId> {
  const { pipelines } = await session.client.call('pipeline.list', { projectId });
  if (fileOrName === undefined) {
    const first = pipelines.find(({ id }) => id === 'classic') ?? pipelines[0];
    if (first) return first.id;
    throw new AppError('not-found', 'The project has no pipeline. Name a pipeline file with --pipeline.');
  }
  const named = pipelines.find(({ id, name }) => id === fileOrName || name === fileOrName);
  if (named) return named.id;
  const text = await readFile(fileOrName, 'utf8').catch((error: unknown) => {
    const names = pipelines.map(({ name }) => `“${name}”`).join(', ');
    throw new AppError('not-found', `There is no pipeline and no file “${fileOrName}”. The project has ${names}.`, {
      cause: error,
    });
  });
  const { name, lists } = takePipelineText(fileOrName, text);
  const content = stableJson([name, lists.training, lists.evaluation]);
  // Training twice with a file keeps one pipeline.
  const known = pipelines.find((each) => stableJson([each.name, each.training, each.evaluation]) === content);
  if (known) return known.id;
  const { training, evaluation } = lists;
  const from = { type: 'lists', training, evaluation } as const;
  return (await session.client.call('pipeline.create', { projectId, name, from })).id;
}
