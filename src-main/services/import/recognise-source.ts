import { existsSync } from 'node:fs';
import { projectPaths } from '../../storage/project-paths.ts';

/** What something that a person chose to import turns out to be. */
export type SourceKind = 'project' | 'images';

/** Looks at a folder, archive or file before it is imported. */
export function recogniseSource(path: string): SourceKind {
  const { projectFile, database } = projectPaths(path);
  return existsSync(projectFile) && existsSync(database) ? 'project' : 'images';
}
