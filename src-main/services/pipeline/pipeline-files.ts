import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { pipelineIdSchema, type PipelineId } from '../../../src-shared/domain/ids.ts';
import { pipelineSchema, type Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { syncFolder, writeJsonDurably } from '../../storage/durable-write.ts';
import { fileError } from '../../storage/file-error.ts';
import type { ProjectContext } from '../project/open-projects.ts';

/** The saved pipelines of a project, by name; a file that cannot be read is warned about and left out. */
export async function listPipelines({ paths }: ProjectContext): Promise<Pipeline[]> {
  const names = existsSync(paths.pipelines) ? await readdir(paths.pipelines) : [];
  const pipelines: Pipeline[] = [];
  for (const name of names.filter((item) => item.endsWith('.json') && !item.startsWith('.'))) {
    const id = v.safeParse(pipelineIdSchema, name.slice(0, -'.json'.length));
    if (!id.success) continue;
    try {
      pipelines.push(await readPipeline(paths.pipeline(id.output), id.output));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      console.warn(error.message);
    }
  }
  return pipelines.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** A saved pipeline. Throws AppError 'not-found' or 'damaged-file'. */
export async function loadPipeline({ paths }: ProjectContext, id: PipelineId): Promise<Pipeline> {
  return readPipeline(paths.pipeline(id), id);
}

export async function savePipeline({ paths }: ProjectContext, pipeline: Pipeline): Promise<void> {
  const file = paths.pipeline(pipeline.id);
  try {
    await mkdir(dirname(file), { recursive: true });
  } catch (error) {
    throw fileError(error, say('doingSavePipeline'), file);
  }
  await writeJsonDurably(file, pipeline);
}

/** Throws AppError 'not-found'. */
export async function deletePipeline({ paths }: ProjectContext, id: PipelineId): Promise<void> {
  const file = paths.pipeline(id);
  try {
    await rm(file);
    await syncFolder(paths.pipelines);
  } catch (error) {
    throw fileError(error, say('doingDeletePipeline'), file);
  }
}

/** The file's name is the id: a file that was copied by hand still holds the id of the original. */
async function readPipeline(file: string, id: PipelineId): Promise<Pipeline> {
  const parsed = v.safeParse(pipelineSchema, await readJson(file));
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const place = v.getDotPath(issue);
    throw new AppError(
      'damaged-file',
      say('pipelineDamaged', { file, what: `${place === null ? '' : `${place}: `}${issue.message}` }),
    );
  }
  return { ...parsed.output, id };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new AppError('damaged-file', say('pipelineDamaged', { file, what: say('notJson') }), {
        cause: error,
      });
    }
    throw fileError(error, say('doingReadPipeline'), file);
  }
}
