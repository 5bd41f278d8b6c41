import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { DatasetService } from './dataset-service.ts';
import type { TrashService } from './trash-service.ts';

type DatasetCommand =
  | 'dataset.get'
  | 'dataset.setLabel'
  | 'dataset.putClass'
  | 'dataset.setLabels'
  | 'dataset.setMark'
  | 'dataset.changeTags'
  | 'dataset.listTags'
  | 'dataset.trash'
  | 'dataset.restore'
  | 'dataset.listTrash'
  | 'dataset.emptyTrash'
  | 'dataset.history'
  | 'dataset.restoreState'
  | 'dataset.labelOrigins'
  | 'dataset.addClass'
  | 'dataset.renameClass'
  | 'dataset.changeClass'
  | 'dataset.orderClasses'
  | 'dataset.mergeClass'
  | 'dataset.deleteClass'
  | 'dataset.shareOut'
  | 'dataset.undo'
  | 'dataset.redo';

/** Answers the dataset commands. */
export function createDatasetHandlers({
  datasets,
  trash,
}: {
  readonly datasets: DatasetService;
  readonly trash: TrashService;
}): Pick<Handlers, DatasetCommand> {
  return {
    'dataset.get': ({ projectId }) => datasets.read(projectId),
    'dataset.setLabel': ({ projectId, imageIds, classId }) => datasets.setLabel(projectId, imageIds, classId),
    'dataset.putClass': ({ projectId, imageIds, classId, isOn }) =>
      datasets.putClass(projectId, imageIds, classId, isOn),
    'dataset.setLabels': ({ projectId, imageIds, classIds }) => datasets.setLabels(projectId, imageIds, classIds),
    'dataset.setMark': ({ projectId, imageIds, mark }) => datasets.setMark(projectId, imageIds, mark),
    'dataset.changeTags': ({ projectId, imageIds, ...tags }) => datasets.changeTags(projectId, imageIds, tags),
    'dataset.listTags': ({ projectId }) => ({ tags: datasets.store(projectId).tags.counts() }),
    'dataset.trash': ({ projectId, imageIds }) => trash.put(projectId, imageIds),
    'dataset.restore': ({ projectId, imageIds }) => trash.restore(projectId, imageIds),
    'dataset.listTrash': ({ projectId }) => ({ images: trash.list(projectId) }),
    'dataset.emptyTrash': ({ projectId }) => trash.empty(projectId),
    'dataset.history': ({ projectId, imageId }) => ({ entries: datasets.store(projectId).history.list(imageId) }),
    'dataset.restoreState': ({ projectId, imageId, edit }) => datasets.restoreState(projectId, imageId, edit),
    'dataset.labelOrigins': ({ projectId }) => datasets.store(projectId).labelOrigins(),
    'dataset.addClass': ({ projectId, name }) => datasets.addClass(projectId, name),
    'dataset.renameClass': ({ projectId, classId, name }) => datasets.renameClass(projectId, classId, name),
    'dataset.changeClass': ({ projectId, classId, change }) => datasets.changeClass(projectId, classId, change),
    'dataset.orderClasses': ({ projectId, classIds }) => datasets.orderClasses(projectId, classIds),
    'dataset.mergeClass': ({ projectId, classId, into }) => datasets.mergeClass(projectId, classId, into),
    'dataset.deleteClass': ({ projectId, classId, moveTo }) => datasets.deleteClass(projectId, classId, moveTo),
    'dataset.shareOut': ({ projectId, ratios }) => datasets.shareOut(projectId, ratios),
    'dataset.undo': ({ projectId }) => datasets.undo(projectId),
    'dataset.redo': ({ projectId }) => datasets.redo(projectId),
  };
}
