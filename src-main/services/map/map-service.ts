import type { MapHead } from '../../../src-shared/contract/map.contract.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import { mapColumns } from '../../../src-shared/domain/image-map.ts';
import type { Emit } from '../../core/ports.ts';
import { streamColumns } from '../dataset/column-stream.ts';
import type { OpenProjects } from '../project/open-projects.ts';
import { ProjectMap, type ProjectMapDeps } from './project-map.ts';

export interface MapServiceDeps extends Pick<ProjectMapDeps, 'features' | 'processStarter'> {
  readonly openProjects: OpenProjects;
  readonly emit: Emit;
}

/** The maps of the open projects: pictures that are like each other lie near each other. */
export class MapService {
  readonly #deps: MapServiceDeps;
  readonly #projects = new Map<ProjectId, ProjectMap>();

  constructor(deps: MapServiceDeps) {
    this.#deps = deps;
  }

  /** Throws AppError not-found for a project that is not open. */
  of(projectId: ProjectId): ProjectMap {
    const { openProjects, emit, features, processStarter } = this.#deps;
    const project = openProjects.get(projectId);
    const known = this.#projects.get(projectId);
    if (known?.isOf(project)) return known;
    void known?.close();
    const tell: ProjectMapDeps['tell'] = (map) => emit('map.changed', { map });
    const made = new ProjectMap({ features, processStarter, project, tell });
    this.#projects.set(projectId, made);
    return made;
  }

  /** Where the images of the latest map lie, as frames; none before one was drawn. */
  async places(projectId: ProjectId): Promise<AsyncGenerator<Uint8Array>> {
    const { version, places } = await this.of(projectId).places();
    const head: MapHead = { version, count: places.length };
    return streamColumns(head, mapColumns, places, { id: ({ imageId }) => imageId, x: ({ x }) => x, y: ({ y }) => y });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#projects.values()].map((map) => map.close()));
  }
}
