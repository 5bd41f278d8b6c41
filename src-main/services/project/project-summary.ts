import { existsSync } from 'node:fs';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ProjectSummary } from '../../../src-shared/contract/project.contract.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../storage/project-database.ts';
import { projectPaths, type ProjectPaths } from '../../storage/project-paths.ts';
import type { ProjectContext } from './open-projects.ts';
import type { RecentProject } from './recent-projects.ts';

/** What the home page tells about a project's runs. */
export interface RunSummary {
  readonly runCount: number;
  /** Best held-out accuracy of any run, 0 … 1. */
  readonly bestAccuracy: number | null;
  readonly isTraining: boolean;
}

/** Reads the summary of a project's runs; the project need not be open. */
export type ReadRunSummary = (project: {
  readonly id: ProjectId;
  readonly paths: ProjectPaths;
}) => Promise<RunSummary> | RunSummary;

const coverLimit = 14;

/** A recent project as the home page shows it; what cannot be read at the moment is told as not present. */
export async function summarize(
  recent: RecentProject,
  open: ProjectContext | undefined,
  readRunSummary: ReadRunSummary,
): Promise<ProjectSummary> {
  const paths = open?.paths ?? projectPaths(recent.path);
  const common = { id: recent.id, name: open?.name ?? recent.name, path: paths.root, openedAt: recent.openedAt };
  const content = open ? readContent(open.database) : readClosed(paths);
  if (content === null) {
    return {
      ...common,
      imageCount: 0,
      classCount: 0,
      runCount: 0,
      bestAccuracy: null,
      isTraining: false,
      cover: [],
      isPresent: false,
    };
  }
  const { runCount, bestAccuracy, isTraining } = await readRunSummary({ id: recent.id, paths });
  return { ...common, ...content, runCount, bestAccuracy, isTraining, isPresent: true };
}

function readClosed(paths: ProjectPaths): ReturnType<typeof readContent> | null {
  if (!existsSync(paths.projectFile) || !existsSync(paths.database)) return null;
  try {
    const database = openProjectDatabase(paths.database, 'read');
    try {
      return readContent(database);
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function readContent(database: ProjectDatabase): Pick<ProjectSummary, 'imageCount' | 'classCount' | 'cover'> {
  const { images, classes } = database.dataset.counts();
  return { imageCount: images, classCount: classes, cover: database.dataset.cover(coverLimit) };
}
