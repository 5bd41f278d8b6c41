import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { FolderToken } from '../../../src-shared/domain/ids.ts';
import type { LabelExportService } from './label-export-service.ts';

export interface LabelsHandlerDeps {
  readonly labels: LabelExportService;
  /** The path that a token stands for; throws AppError 'not-found'. */
  readonly folderPath: (token: FolderToken) => string;
}

/** Answers the commands about labels on their way out. */
export function createLabelsHandlers({ labels, folderPath }: LabelsHandlerDeps): Pick<Handlers, 'labels.export'> {
  return {
    'labels.export': ({ projectId, folder, name, format }) =>
      labels.export({ projectId, parent: folderPath(folder), name, format }),
  };
}
