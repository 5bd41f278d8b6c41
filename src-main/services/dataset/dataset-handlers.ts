import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { DatasetService } from './dataset-service.ts';

type DatasetCommand =
  | 'dataset.get'
  | 'dataset.setLabel'
  | 'dataset.addClass'
  | 'dataset.renameClass'
  | 'dataset.deleteClass'
  | 'dataset.shareOut'
  | 'dataset.undo'
  | 'dataset.redo';

/** Answers the dataset commands. */
export function createDatasetHandlers({
  datasets,
}: {
  readonly datasets: DatasetService;
}): Pick<Handlers, DatasetCommand> {
  return {
    'dataset.get': ({ projectId }) => datasets.read(projectId),
    'dataset.setLabel': ({ projectId, imageIds, classId }) => datasets.setLabel(projectId, imageIds, classId),
    'dataset.addClass': ({ projectId, name }) => datasets.addClass(projectId, name),
    'dataset.renameClass': ({ projectId, classId, name }) => datasets.renameClass(projectId, classId, name),
    'dataset.deleteClass': ({ projectId, classId }) => datasets.deleteClass(projectId, classId),
    'dataset.shareOut': ({ projectId, ratios }) => datasets.shareOut(projectId, ratios),
    'dataset.undo': ({ projectId }) => datasets.undo(projectId),
    'dataset.redo': ({ projectId }) => datasets.redo(projectId),
  };
}
