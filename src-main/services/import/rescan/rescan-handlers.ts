import type { Handlers } from '../../../../src-shared/contract/contract.ts';
import type { FolderToken } from '../../../../src-shared/domain/ids.ts';
import type { ImportService } from '../import-service.ts';
import type { RescanService } from './rescan-service.ts';

type RescanCommand = 'rescan.find' | 'rescan.start' | 'rescan.ignore';

/** Answers what the page asks about new files in folders that were imported. */
export function createRescanHandlers({
  rescans,
  imports,
  folderPath,
}: {
  readonly rescans: RescanService;
  readonly imports: ImportService;
  readonly folderPath: (token: FolderToken) => string;
}): Pick<Handlers, RescanCommand> {
  return {
    'rescan.find': async ({ projectId }) => ({ folders: await rescans.find(projectId) }),
    'rescan.start': ({ projectId, folder }) => imports.startNew(projectId, folderPath(folder)),
    'rescan.ignore': async ({ projectId, folder }) => {
      await rescans.ignore(projectId, folder);
      return { done: true };
    },
  };
}
