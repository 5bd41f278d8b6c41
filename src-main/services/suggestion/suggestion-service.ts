import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Emit } from '../../core/ports.ts';
import type { DatasetService } from '../dataset/dataset-service.ts';
import type { OpenProjects } from '../project/open-projects.ts';
import { refuseInMultiLabel } from '../project/labelling.ts';
import { ProjectSuggestions, type ProjectSuggestionsDeps } from './project-suggestions.ts';

export interface SuggestionServiceDeps extends Pick<ProjectSuggestionsDeps, 'features' | 'processStarter' | 'now'> {
  readonly openProjects: OpenProjects;
  readonly datasets: DatasetService;
  readonly emit: Emit;
}

/** Suggested classes, the order of the queue, suspect labels and what labels brought, of the open projects. */
export class SuggestionService {
  readonly #deps: SuggestionServiceDeps;
  readonly #projects = new Map<ProjectId, ProjectSuggestions>();
  readonly #stopListening: () => void;

  constructor(deps: SuggestionServiceDeps) {
    this.#deps = deps;
    this.#stopListening = deps.features.onChanged((status) =>
      this.#projects.get(status.projectId)?.featuresChanged(status),
    );
  }

  /** Throws AppError not-found for a project that is not open, unsupported for a multi-label one. */
  of(projectId: ProjectId): ProjectSuggestions {
    const { openProjects, datasets, emit, ...deps } = this.#deps;
    const project = openProjects.get(projectId);
    refuseInMultiLabel(project, say('whatSuggestions'));
    const known = this.#projects.get(projectId);
    if (known?.isOf(project)) return known;
    void known?.close();
    const made = new ProjectSuggestions({
      ...deps,
      project,
      tell: (version) => emit('suggestion.changed', { projectId, version }),
      tellLabels: () => datasets.tellChanged(project),
    });
    this.#projects.set(projectId, made);
    return made;
  }

  datasetChanged(projectId: ProjectId): void {
    this.#projects.get(projectId)?.datasetChanged();
  }

  async close(): Promise<void> {
    this.#stopListening();
    await Promise.all([...this.#projects.values()].map((project) => project.close()));
  }
}
