import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { SavedView } from '../../../src-shared/domain/saved-view.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Emit } from '../../core/ports.ts';
import type { OpenProjects, ProjectContext } from '../project/open-projects.ts';

interface ViewServiceDeps {
  readonly openProjects: OpenProjects;
  readonly emit: Emit;
}

/** Saved views of the images of open projects. */
export class ViewService {
  readonly #deps: ViewServiceDeps;

  constructor(deps: ViewServiceDeps) {
    this.#deps = deps;
  }

  list(projectId: ProjectId): readonly SavedView[] {
    return this.#deps.openProjects.get(projectId).database.views.list();
  }

  save(projectId: ProjectId, view: SavedView): void {
    this.#writable(projectId).database.views.save({ ...view, name: view.name.normalize('NFC') });
    this.#deps.emit('view.listChanged', { projectId });
  }

  /** Throws AppError 'not-found' when there is none of this name. */
  delete(projectId: ProjectId, name: string): void {
    if (!this.#writable(projectId).database.views.delete(name)) throw new AppError('not-found', say('viewGone'));
    this.#deps.emit('view.listChanged', { projectId });
  }

  #writable(projectId: ProjectId): ProjectContext {
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    return context;
  }
}

/** Answers the view commands. */
export function createViewHandlers(views: ViewService): Pick<Handlers, 'view.list' | 'view.save' | 'view.delete'> {
  return {
    'view.list': ({ projectId }) => ({ views: views.list(projectId) }),
    'view.save': ({ projectId, view }) => {
      views.save(projectId, view);
      return { done: true };
    },
    'view.delete': ({ projectId, name }) => {
      views.delete(projectId, name);
      return { done: true };
    },
  };
}
