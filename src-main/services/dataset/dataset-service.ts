import { AppError } from '../../../src-shared/contract/app-error.ts';
import {
  leavesRoomForTraining,
  mostHeldOut,
  type Dataset,
  type Split,
  type SplitRatios,
} from '../../../src-shared/domain/dataset.ts';
import type { ClassChange } from '../../../src-shared/domain/class-details.ts';
import type { ImageMark } from '../../../src-shared/domain/image-mark.ts';
import type { ClassId, ImageId, ProjectId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Emit, Now } from '../../core/ports.ts';
import type { DatasetStore } from '../../storage/dataset-store.ts';
import type { EditResult } from '../../storage/dataset/dataset-access.ts';
import type { OpenProjects, ProjectContext } from '../project/open-projects.ts';
import { assertLabelling } from '../project/labelling.ts';
import { streamDataset } from './dataset-stream.ts';
import { mendLeaks } from './mend-leaks.ts';
import { shareOut } from './share-out.ts';

export interface DatasetServiceDeps {
  readonly openProjects: OpenProjects;
  readonly emit: Emit;
  readonly now: Now;
  /** The groups of images that belong into one split; may look at pictures first, and then takes a while. */
  readonly tiedImages: TiedImagesOf;
}

export type TiedImagesOf = (
  context: ProjectContext,
  /** 'all' looks at every picture first, 'known' takes what is known already. */
  pictures: 'all' | 'known',
) => Promise<readonly (readonly ImageId[])[]>;

/** Images, classes, labels and splits of the open projects; every change is told by `dataset.changed`. */
export class DatasetService {
  readonly #deps: DatasetServiceDeps;

  constructor(deps: DatasetServiceDeps) {
    this.#deps = deps;
  }

  read(projectId: ProjectId): Dataset {
    return this.store(projectId).read();
  }

  /** The dataset in frames for a page: all images, or those that changed since a revision. */
  stream(projectId: ProjectId, since: number | null): AsyncGenerator<Uint8Array> {
    return streamDataset(this.#deps.openProjects.get(projectId), since);
  }

  /** The dataset as runs take it: without the images that are marked to be skipped. */
  readForRuns(projectId: ProjectId): Dataset {
    const store = this.store(projectId);
    const skipped = store.skippedImages();
    const dataset = store.read();
    return skipped.size === 0 ? dataset : { ...dataset, images: dataset.images.filter(({ id }) => !skipped.has(id)) };
  }

  /** To read from; changes go through the methods below, which tell of them. Throws AppError 'not-found' when the project is not open. */
  store(projectId: ProjectId): DatasetStore {
    return this.#deps.openProjects.get(projectId).database.dataset;
  }

  setLabel(projectId: ProjectId, imageIds: readonly ImageId[], classId: ClassId | null): EditResult {
    assertLabelling(this.#deps.openProjects.get(projectId), 'single-label');
    return this.change(projectId, (dataset, at) => dataset.setLabel(imageIds, classId, at));
  }

  /** In a multi-label project: puts a class on images or takes it off. */
  putClass(projectId: ProjectId, imageIds: readonly ImageId[], classId: ClassId, isOn: boolean): EditResult {
    assertLabelling(this.#deps.openProjects.get(projectId), 'multi-label');
    return this.change(projectId, (dataset, at) => dataset.labelSets.putClass(imageIds, classId, isOn, at));
  }

  /** In a multi-label project: gives images exactly these classes; null: they are not labelled. */
  setLabels(projectId: ProjectId, imageIds: readonly ImageId[], classIds: readonly ClassId[] | null): EditResult {
    assertLabelling(this.#deps.openProjects.get(projectId), 'multi-label');
    return this.change(projectId, (dataset, at) => dataset.labelSets.setLabels(imageIds, classIds, at));
  }

  setMark(projectId: ProjectId, imageIds: readonly ImageId[], mark: ImageMark | null): EditResult {
    return this.change(projectId, (dataset, at) => dataset.setMark(imageIds, mark, at));
  }

  changeTags(
    projectId: ProjectId,
    imageIds: readonly ImageId[],
    { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
  ): EditResult {
    const composed = { add: add.map((tag) => tag.normalize('NFC')), remove: remove.map((tag) => tag.normalize('NFC')) };
    return this.change(projectId, (dataset, at) => dataset.tags.change(imageIds, composed, at));
  }

  /** How the image was after an edit, or after its import (null), as a new edit. */
  restoreState(projectId: ProjectId, imageId: ImageId, edit: number | null): EditResult {
    return this.change(projectId, (dataset, at) => dataset.history.restore(imageId, edit, at));
  }

  addClass(projectId: ProjectId, name: string): { readonly revision: number; readonly classId: ClassId } {
    return this.change(projectId, (dataset, at) => dataset.addClass(name.normalize('NFC'), at));
  }

  renameClass(projectId: ProjectId, classId: ClassId, name: string): { readonly revision: number } {
    return this.change(projectId, (dataset, at) => ({
      revision: dataset.renameClass(classId, name.normalize('NFC'), at),
    }));
  }

  changeClass(projectId: ProjectId, classId: ClassId, change: ClassChange): { readonly revision: number } {
    const { name } = change;
    const composed = name === undefined ? change : { ...change, name: name.normalize('NFC') };
    return this.change(projectId, (dataset, at) => ({ revision: dataset.changeClass(classId, composed, at) }));
  }

  orderClasses(projectId: ProjectId, classIds: readonly ClassId[]): { readonly revision: number } {
    return this.change(projectId, (dataset, at) => ({ revision: dataset.orderClasses(classIds, at) }));
  }

  mergeClass(projectId: ProjectId, classId: ClassId, into: ClassId): { readonly revision: number } {
    return this.change(projectId, (dataset, at) => ({ revision: dataset.mergeClass(classId, into, at) }));
  }

  /** Its images go to another class; null: they stay without a label. */
  deleteClass(projectId: ProjectId, classId: ClassId, moveTo: ClassId | null): { readonly revision: number } {
    return this.change(projectId, (dataset, at) => ({ revision: dataset.deleteClass(classId, at, moveTo) }));
  }

  /** Shares all images out anew that did not come in a validation or test folder and are not in a frozen test set. */
  async shareOut(projectId: ProjectId, ratios: SplitRatios): Promise<{ readonly revision: number }> {
    const splits = await this.planShareOut(projectId, ratios);
    return this.change(projectId, (dataset, at) => ({ revision: dataset.shareOut(splits, ratios, at) }));
  }

  /** Where a share-out anew would place the images that it may place; changes nothing. */
  async planShareOut(projectId: ProjectId, ratios: SplitRatios): Promise<ReadonlyMap<ImageId, Split>> {
    assertRoomForTraining(ratios);
    const context = this.#deps.openProjects.get(projectId);
    return planShareOut({ context, ratios, groups: await this.#deps.tiedImages(context, 'known'), isAnew: true });
  }

  /** Brings groups that are in several splits into one each, as an edit that can be undone. */
  async mendLeaks(projectId: ProjectId): Promise<{ readonly revision: number; readonly moved: number }> {
    const context = this.#deps.openProjects.get(projectId);
    const groups = await this.#deps.tiedImages(context, 'known');
    const { dataset, frozenTest } = context.database;
    const moves = mendLeaks(dataset.pool(), groups, frozenTest.read() !== null);
    if (moves.size === 0) return { revision: dataset.revision(), moved: 0 };
    const { revision } = this.change(projectId, (store, at) => ({
      revision: store.shareOut(moves, store.ratios(), at),
    }));
    return { revision, moved: moves.size };
  }

  undo(projectId: ProjectId): { readonly revision: number } {
    return this.change(projectId, (dataset) => ({ revision: dataset.undo() }));
  }

  redo(projectId: ProjectId): { readonly revision: number } {
    return this.change(projectId, (dataset) => ({ revision: dataset.redo() }));
  }

  /**
   * Shares out the images that an import, perhaps one that was cut short, left waiting, once their pictures were looked at;
   * the others stay.
   */
  async placeWaiting(context: ProjectContext): Promise<void> {
    const { dataset } = context.database;
    if (!dataset.hasWaitingImages()) return;
    const groups = await this.#deps.tiedImages(context, 'all');
    if (!dataset.hasWaitingImages()) return;
    dataset.placeWaiting(planShareOut({ context, ratios: dataset.ratios(), groups, isAnew: false }));
    this.tellChanged(context);
  }

  /** For those who change the dataset of a project in other ways than by an edit. */
  tellChanged(context: ProjectContext): void {
    this.#deps.emit('dataset.changed', { projectId: context.id, revision: context.database.dataset.revision() });
  }

  /** Makes a change of a project that may be written, and tells of it when it came to something. */
  change<T extends { readonly revision: number }>(
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

interface SharePlan {
  readonly context: ProjectContext;
  readonly ratios: SplitRatios;
  readonly groups: readonly (readonly ImageId[])[];
  /** True places all that may be placed, false those that wait. */
  readonly isAnew: boolean;
}

/** A frozen test set stays as it is; only copies of its images still come to it, because elsewhere they would give it away. */
function planShareOut({ context, ratios, groups, isAnew }: SharePlan): ReadonlyMap<ImageId, Split> {
  const { images, given, fixed } = context.database.dataset.pool();
  const isFrozen = context.database.frozenTest.read() !== null;
  return shareOut({
    images: images.map((image) => ({
      ...image,
      isSharedOut: isAnew ? isFrozen && image.split === 'test' : image.isSharedOut,
    })),
    ...{ ratios, groups, fixed },
    given: isFrozen ? new Set<Split>([...given, 'test']) : given,
  });
}

/** Throws AppError 'bad-input' when validation and test would leave less than a tenth for training. */
export function assertRoomForTraining({ validation, test }: SplitRatios): void {
  if (leavesRoomForTraining(validation, test)) return;
  throw new AppError('bad-input', say('noRoomForTraining', { most: mostHeldOut, received: validation + test }));
}
