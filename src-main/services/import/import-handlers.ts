import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { FolderToken } from '../../../src-shared/domain/ids.ts';
import type { ImportService } from './import-service.ts';
import { recogniseSource } from './recognise-source.ts';

export interface ImportHandlerDeps {
  readonly imports: ImportService;
  /** The path that a token stands for; throws AppError 'not-found'. */
  readonly folderPath: (token: FolderToken) => string;
}

type ImportCommand =
  | 'import.start'
  | 'import.recognise'
  | 'import.startUpload'
  | 'import.inspectList'
  | 'import.startList'
  | 'import.inspectProject'
  | 'import.startProject'
  | 'import.list'
  | 'import.listSkipped'
  | 'import.pause'
  | 'import.resume'
  | 'import.takeBack'
  | 'import.cancel';

/** Answers the import commands. */
export function createImportHandlers({ imports, folderPath }: ImportHandlerDeps): Pick<Handlers, ImportCommand> {
  return {
    'import.start': ({ projectId, sources, ratios }) => imports.start(projectId, sources.map(folderPath), ratios),
    'import.recognise': ({ source }) => ({ kind: recogniseSource(folderPath(source)) }),
    'import.startUpload': (input) => imports.startUpload(input),
    'import.inspectList': (input) => imports.inspectList(input),
    'import.startList': (input) => imports.startList(input),
    'import.inspectProject': (input) => imports.inspectProject(input),
    'import.startProject': (input) => imports.startProject(input),
    'import.list': ({ projectId }) => ({ imports: imports.list(projectId) }),
    'import.listSkipped': (query) => imports.listSkipped(query),
    'import.pause': ({ jobId }) => {
      imports.pause(jobId);
      return { done: true };
    },
    'import.resume': ({ projectId, jobId }) => imports.resume(projectId, jobId),
    'import.takeBack': ({ projectId, jobId }) => imports.takeBack(projectId, jobId),
    'import.cancel': ({ projectId, jobId }) => {
      imports.cancel(projectId, jobId);
      return { done: true };
    },
  };
}
