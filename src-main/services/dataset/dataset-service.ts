import { AppError } from '../../../src-shared/contract/app-error.ts';
import {
  leavesRoomForTraining,
  mostHeldOut,
  type Dataset,
  type SplitRatios,
} from '../../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId, ProjectId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Emit, Now } from '../../core/ports.ts';
import type { DatasetStore } from '../../storage/dataset-store.ts';
import type { OpenProjects, ProjectContext } from '../project/open-projects.ts';
import { streamDataset } from './dataset-stream.ts';
import { shareOut } from './share-out.ts';

export interface DatasetServiceDeps {
  readonly openProjects: OpenProjects;
  readonly emit: Emit;
  readonly now: Now;
}

/** Images, classes, labels and splits of the open projects; every change is told by `dataset.changed`. */
export class DatasetService {
  readonly #deps: DatasetServiceDeps;

  constructor(deps: DatasetServiceDeps) {
    this.#deps = deps;
  }

  read(projectId: ProjectId): Dataset {
    return this.#deps.openProjects.get(projectId).database.dataset.read();
  }

  /** The dataset in frames for a page: all images, or those that changed since a revision. */
  stream(projectId: ProjectId, since: number | null): AsyncGenerator<Uint8Array> {
    return streamDataset(this.#deps.openProjects.get(projectId), since);
  }

  setLabel(
    projectId: ProjectId,
    imageIds: readonly ImageId[],
    classId: ClassId | null,
  ): { readonly revision: number; readonly changed: number } {
    return this.#change(projectId, (dataset, at) => dataset.setLabel(imageIds, classId, at));
  }

  addClass(projectId: ProjectId, name: string): { readonly revision: number; readonly classId: ClassId } {
    return this.#change(projectId, (dataset, at) => dataset.addClass(name.normalize('NFC'), at));
  }

  renameClass(projectId: ProjectId, classId: ClassId, name: string): { readonly revision: number } {
    return this.#change(projectId, (dataset, at) => ({
      revision: dataset.renameClass(classId, name.normalize('NFC'), at),
    }));
  }

  deleteClass(projectId: ProjectId, classId: ClassId): { readonly revision: number } {
    return this.#change(projectId, (dataset, at) => ({ revision: dataset.deleteClass(classId, at) }));
  }

  /** Shares all images out anew that did not come in a validation or test folder. */
  shareOut(projectId: ProjectId, ratios: SplitRatios): { readonly revision: number } {
    assertRoomForTraining(ratios);
    return this.#change(projectId, (dataset, at) => {
      const { images, given } = dataset.pool();
      const splits = shareOut({ images: images.map((image) => ({ ...image, isSharedOut: false })), ratios, given });
      return { revision: dataset.shareOut(splits, ratios, at) };
    });
  }

  undo(projectId: ProjectId): { readonly revision: number } {
    return this.#change(projectId, (dataset) => ({ revision: dataset.undo() }));
  }

  redo(projectId: ProjectId): { readonly revision: number } {
    return this.#change(projectId, (dataset) => ({ revision: dataset.redo() }));
  }

  /** Shares out the images that an import, perhaps one that was cut short, left waiting; the others stay. */
  placeWaiting(context: ProjectContext): void {
    const { dataset } = context.database;
    if (!dataset.hasWaitingImages()) return;
    const { images, given } = dataset.pool();
    dataset.placeWaiting(shareOut({ images, ratios: dataset.ratios(), given }));
    this.tellChanged(context);
  }

  /** For those who change the dataset of a project in other ways than by an edit. */
  tellChanged(context: ProjectContext): void {
    this.#deps.emit('dataset.changed', { projectId: context.id, revision: context.database.dataset.revision() });
  }

  #change<T extends { readonly revision: number }>(
    projectId: ProjectId,
    change: (dataset: DatasetStore, at: string) => T,
  ): T {
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    const before = context.database.dataset.revision();
    const result = change(context.database.dataset, this.#deps.now().toISOString());
    if (result.revision !== before) this.tellChanged(context);
    return result;
  }
}

/** Throws AppError 'bad-input' when validation and test would leave less than a tenth for training. */
export function assertRoomForTraining({ validation, test }: SplitRatios): void {
  if (leavesRoomForTraining(validation, test)) return;
  throw new AppError('bad-input', say('noRoomForTraining', { most: mostHeldOut, received: validation + test }));
}
