import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { FolderToken } from '../../../src-shared/domain/ids.ts';
import type { BackboneCatalog } from './backbone-catalog.ts';
import { importBackbone } from './import-backbone.ts';

export interface BackboneHandlerDeps {
  readonly backbones: BackboneCatalog;
  /** The path that a token stands for; throws AppError 'not-found'. */
  readonly folderPath: (token: FolderToken) => string;
}

/** Answers the backbone commands. */
export function createBackboneHandlers({
  backbones,
  folderPath,
}: BackboneHandlerDeps): Pick<Handlers, 'backbone.list' | 'backbone.import'> {
  return {
    'backbone.list': async () => ({ backbones: await backbones.list() }),
    'backbone.import': ({ folder, ...request }) =>
      importBackbone({ ...request, folder: folderPath(folder) }, backbones.importedFolder),
  };
}
