import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { FolderService } from './folder-service.ts';

/** Answers the folder commands. */
export function createFolderHandlers({
  folders,
}: {
  readonly folders: FolderService;
}): Pick<Handlers, 'folder.list' | 'folder.find'> {
  return {
    'folder.list': ({ folder }) => folders.list(folder),
    'folder.find': ({ path }) => folders.find(path),
  };
}
