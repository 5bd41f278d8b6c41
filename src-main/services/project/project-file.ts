import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { sampleIdSchema } from '../../../src-shared/contract/project.contract.ts';
import { projectIdSchema } from '../../../src-shared/domain/ids.ts';
import { labellingSchema } from '../../../src-shared/domain/labelling.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import { writeJsonDurably } from '../../storage/durable-write.ts';
import { fileError } from '../../storage/file-error.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';

const ofEveryVersion = {
  id: projectIdSchema,
  name: v.string(),
  createdAt: v.string(),
  /** The bundled sample that the project was made from. */
  sample: v.nullable(sampleIdSchema),
};
const projectFileSchema = v.pipe(
  v.strictObject({ schemaVersion: v.literal(2), ...ofEveryVersion, labelling: labellingSchema }),
  v.readonly(),
);
/** project.json: what makes a folder a project. */
export type ProjectFile = v.InferOutput<typeof projectFileSchema>;

const newestVersion = 2;

/** Of any version, in the present shape; in version 1 there were only single-label projects. */
const storedFileSchema = v.union([
  v.pipe(
    v.strictObject({ schemaVersion: v.literal(1), ...ofEveryVersion }),
    v.transform((file): ProjectFile => ({ ...file, schemaVersion: newestVersion, labelling: 'single-label' })),
  ),
  projectFileSchema,
]);

/** Throws AppError 'not-found' (no project here), 'unsupported' (made by a newer Graft) or 'damaged-file'. */
export async function readProjectFile(paths: ProjectPaths): Promise<ProjectFile> {
  const value = parseJson(await readText(paths), paths);
  const parsed = v.safeParse(storedFileSchema, value);
  if (parsed.success) return parsed.output;
  const version = v.safeParse(v.object({ schemaVersion: v.number() }), value);
  if (version.success && version.output.schemaVersion > newestVersion) {
    throw new AppError('unsupported', say('projectNewer', { path: paths.root }));
  }
  throw damaged(paths, parsed.issues[0].message);
}

export async function writeProjectFile(paths: ProjectPaths, file: ProjectFile): Promise<void> {
  await writeJsonDurably(paths.projectFile, file);
}

async function readText(paths: ProjectPaths): Promise<string> {
  try {
    return await readFile(paths.projectFile, 'utf8');
  } catch (error) {
    const told = fileError(error, say('doingOpenProject'), paths.projectFile);
    if (told instanceof AppError && told.code === 'not-found') {
      throw new AppError('not-found', say('noProject', { path: paths.root }), { cause: error });
    }
    throw told;
  }
}

function parseJson(text: string, paths: ProjectPaths): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(paths, say('notJson'));
  }
}

function damaged(paths: ProjectPaths, what: Sentence): AppError {
  return new AppError('damaged-file', say('projectDamaged', { path: paths.projectFile, what }));
}
