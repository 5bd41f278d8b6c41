import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { FolderToken } from '../../../src-shared/domain/ids.ts';
import type { FeatureCacheService } from './feature-cache-service.ts';
import { describeProject, type ProjectService } from './project-service.ts';

export interface ProjectHandlerDeps {
  readonly projects: ProjectService;
  readonly featureCache: FeatureCacheService;
  /** The path that a token stands for; throws AppError 'not-found'. */
  readonly folderPath: (token: FolderToken) => string;
}

type ProjectCommand =
  | 'project.list'
  | 'project.create'
  | 'project.open'
  | 'project.openFolder'
  | 'project.openSample'
  | 'project.rename'
  | 'project.forget'
  | 'project.describeCache'
  | 'project.clearCache';

/** Answers the project commands. */
export function createProjectHandlers({
  projects,
  featureCache,
  folderPath,
}: ProjectHandlerDeps): Pick<Handlers, ProjectCommand> {
  return {
    'project.list': () => projects.list(),
    'project.create': async ({ name, parent, labelling }) =>
      describeProject(await projects.create(name, parent === null ? null : folderPath(parent), labelling)),
    'project.open': async ({ projectId }) => describeProject(await projects.open(projectId)),
    'project.openFolder': async ({ folder }) => describeProject(await projects.openAt(folderPath(folder))),
    'project.openSample': async ({ sample }) => describeProject(await projects.openSample(sample)),
    'project.rename': async ({ projectId, name }) => describeProject(await projects.rename(projectId, name)),
    'project.forget': async ({ projectId }) => {
      await projects.forget(projectId);
      return { done: true };
    },
    'project.describeCache': ({ projectId }) => featureCache.describe(projectId),
    'project.clearCache': ({ projectId }) => featureCache.clear(projectId),
  };
}
