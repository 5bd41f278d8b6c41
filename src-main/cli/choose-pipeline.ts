import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { describeIssue } from '../../src-shared/contract/describe-issue.ts';
import { pipelineIdSchema, type PipelineId, type ProjectId } from '../../src-shared/domain/ids.ts';
import { pipelineSchema, type Pipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { stableJson } from '../../src-shared/lib/stable-json.ts';
import type { Session } from './session.ts';

/**
 * The pipeline to train with: by name or id among the project's, or a file as in pipelines/, which is then saved in the
 * project; the project's first one when none is named.
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
  const names = pipelines.map(({ name }) => `“${name}”`).join(', ');
  const pipeline = await readPipelineFile(fileOrName, names);
  return savePipeline(session, projectId, pipeline, pipelines);
}

async function readPipelineFile(file: string, names: string): Promise<Pipeline> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('not-found', `There is no pipeline and no file “${file}”. The project has ${names}.`, {
      cause: error,
    });
  });
  const parsed = v.safeParse(pipelineSchema, parseJson(file, text));
  if (parsed.success) return parsed.output;
  throw new AppError('bad-input', say('ofFile', { file, what: describeIssue(parsed.issues[0], 'pipeline') }));
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('bad-input', `Expected ‹JSON› for ‹--pipeline›, received ‹another text in ${file}›.`, {
      cause: error,
    });
  }
}

/** Saves under the file's id, or the next free one: a pipeline of the project is never overwritten. */
async function savePipeline(
  { client }: Session,
  projectId: ProjectId,
  pipeline: Pipeline,
  existing: readonly Pipeline[],
): Promise<PipelineId> {
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? pipeline.id : v.parse(pipelineIdSchema, `${pipeline.id.slice(0, 50)}-${number}`);
    const taken = existing.find((other) => other.id === id);
    if (taken && stableJson({ ...taken, id: '' }) === stableJson({ ...pipeline, id: '' })) return id;
    if (taken) continue;
    return (await client.call('pipeline.save', { projectId, pipeline: { ...pipeline, id } })).id;
  }
}
