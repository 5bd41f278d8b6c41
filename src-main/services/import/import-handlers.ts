import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { FolderToken } from '../../../src-shared/domain/ids.ts';
import type { ImportService } from './import-service.ts';

export interface ImportHandlerDeps {
  readonly imports: ImportService;
  /** The path that a token stands for; throws AppError 'not-found'. */
  readonly folderPath: (token: FolderToken) => string;
}

type ImportCommand = 'import.start' | 'import.startUpload' | 'import.list' | 'import.cancel';

/** Answers the import commands. */
export function createImportHandlers({ imports, folderPath }: ImportHandlerDeps): Pick<Handlers, ImportCommand> {
  return {
    'import.start': ({ projectId, folder, ratios }) => imports.start(projectId, folderPath(folder), ratios),
    'import.startUpload': ({ projectId, batch }) => imports.startUpload(projectId, batch),
    'import.list': ({ projectId }) => ({ imports: imports.list(projectId) }),
    'import.cancel': ({ jobId }) => {
      imports.cancel(jobId);
      return { done: true };
    },
  };
}
