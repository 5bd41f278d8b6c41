import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import { classicPipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import * as v from 'valibot';
import { syncFolder, writeJsonDurably } from '../../storage/durable-write.ts';
import { fileError } from '../../storage/file-error.ts';
import { openProjectDatabase } from '../../storage/project-database.ts';
import { projectPaths, type ProjectPaths } from '../../storage/project-paths.ts';
import { writeProjectFile, type ProjectFile } from './project-file.ts';

/** The pipeline that every project starts with. */
export const classicPipelineId = v.parse(pipelineIdSchema, 'classic');

/**
 * Makes an empty project in a folder that is new or empty. project.json comes last: a folder is a project wholly or not.
 *
 * Throws AppError 'conflict' when something is in the folder, 'disk-full' or 'no-access'.
 */
export async function createProjectFolder(root: string, file: ProjectFile): Promise<ProjectPaths> {
  try {
    await mkdir(root, { recursive: true });
    if ((await readdir(root)).length > 0) {
      throw new AppError('conflict', say('folderNotEmpty', { path: root }));
    }
    const paths = projectPaths(await realpath(root));
    for (const folder of [paths.images, paths.pipelines, paths.runs, paths.exports]) await mkdir(folder);
    openProjectDatabase(paths.database, 'write').close();
    await writeJsonDurably(paths.pipeline(classicPipelineId), classicPipeline(classicPipelineId, 'Classic'));
    await writeProjectFile(paths, file);
    await syncFolder(dirname(paths.root));
    return paths;
  } catch (error) {
    throw fileError(error, say('doingMakeProject'), root);
  }
}

/** A folder below `parent` for a project of this name that does not exist yet. */
export function freeProjectRoot(parent: string, name: string): string {
  const base = folderName(name);
  for (let number = 1; ; number += 1) {
    const root = join(parent, `${number === 1 ? base : `${base} ${number}`}.graft`);
    if (!existsSync(root)) return root;
  }
}

/** The name of a project in a folder that a person named. */
export function nameFromRoot(root: string): string {
  return (
    basename(root)
      .replace(/\.graft$/i, '')
      .trim()
      .slice(0, 80) || 'Project'
  );
}

/** The name as every file system takes it. */
function folderName(name: string): string {
  // Windows refuses exactly these in names.
  const safe = name
    .normalize('NFC')
    .replace(/[<>:"/\\|?*\u0000-\u001f]/g, '-')
    .replace(/^[. ]+|[. ]+$/g, '');
  const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(safe);
  // 40 characters are at most 160 bytes, well below the 255 of common file systems.
  const short = Array.from(safe).slice(0, 40).join('').trim();
  return short === '' || isReserved ? `project-${short}` : short;
}
