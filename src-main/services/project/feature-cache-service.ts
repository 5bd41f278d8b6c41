import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { FeatureCacheSize } from '../../../src-shared/contract/project.contract.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { clearFeatures, featureCacheLimitBytes, listFeatureSets } from '../../storage/feature-cache.ts';
import type { ProjectContext } from './open-projects.ts';

export interface FeatureCacheDeps {
  /** Throws AppError not-found for a project that is not open. */
  readonly project: (projectId: ProjectId) => ProjectContext;
  /** True while a training reads them, or they are being computed. */
  readonly isInUse: (projectId: ProjectId) => boolean;
  readonly onCleared: (projectId: ProjectId) => void;
}

/** The features that a project's trainings left for later ones: tells their size and lets them go. */
export class FeatureCacheService {
  readonly #deps: FeatureCacheDeps;

  constructor(deps: FeatureCacheDeps) {
    this.#deps = deps;
  }

  async describe(projectId: ProjectId): Promise<FeatureCacheSize> {
    const sets = await listFeatureSets(this.#deps.project(projectId).paths.features);
    return { bytes: sets.reduce((sum, { bytes }) => sum + bytes, 0), limitBytes: featureCacheLimitBytes() };
  }

  /** AppError conflict while they are in use. */
  async clear(projectId: ProjectId): Promise<FeatureCacheSize> {
    const project = this.#deps.project(projectId);
    project.assertWritable();
    if (this.#deps.isInUse(projectId)) {
      throw new AppError('conflict', say('featuresInUse'), {
        retry: true,
      });
    }
    await clearFeatures(project.paths.features);
    this.#deps.onCleared(projectId);
    return this.describe(projectId);
  }
}
