import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { BackboneName } from '../../../src-shared/domain/backbone.ts';
import type { FolderToken } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Emit } from '../../core/ports.ts';
import type { BackboneCatalog } from './backbone-catalog.ts';
import { importBackbone } from './import-backbone.ts';
import { inspectModel } from './inspect-model.ts';

export interface BackboneHandlerDeps {
  readonly backbones: BackboneCatalog;
  /** The path that a token stands for; throws AppError 'not-found'. */
  readonly folderPath: (token: FolderToken) => string;
  /** The names of the projects that this person opened lately and that have runs on a backbone. */
  readonly projectsWith: (backbone: BackboneName) => Promise<readonly string[]>;
  readonly emit: Emit;
}

/** Answers the backbone commands. */
export function createBackboneHandlers({
  backbones,
  folderPath,
  projectsWith,
  emit,
}: BackboneHandlerDeps): Pick<Handlers, 'backbone.list' | 'backbone.inspect' | 'backbone.import' | 'backbone.remove'> {
  return {
    'backbone.list': async () => ({ backbones: await backbones.list() }),
    'backbone.inspect': ({ folder }) => inspectModel(folderPath(folder)),
    'backbone.import': async ({ folder, ...request }) => {
      const record = await importBackbone({ ...request, folder: folderPath(folder) }, backbones.importedFolder);
      emit('backbone.listChanged', {});
      return record;
    },
    'backbone.remove': async ({ backbone }) => {
      // A run keeps the weights that it learned but not those of a frozen backbone.
      const projects = await projectsWith(backbone);
      if (projects.length > 0) {
        throw new AppError('conflict', say('backboneInUse', { backbone, projects: projects.join(', ') }));
      }
      await backbones.remove(backbone);
      emit('backbone.listChanged', {});
      return { done: true };
    },
  };
}
