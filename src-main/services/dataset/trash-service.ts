import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ImageId, ProjectId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { TrashedImage } from '../../../src-shared/domain/trash.ts';
import type { Now } from '../../core/ports.ts';
import type { EditResult } from '../../storage/dataset/dataset-access.ts';
import type { DeletedFile } from '../../storage/dataset/trash.ts';
import { fileError } from '../../storage/file-error.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import type { DatasetService } from './dataset-service.ts';

export interface TrashServiceDeps {
  readonly datasets: DatasetService;
  readonly project: (projectId: ProjectId) => ProjectContext;
  /** Whether a training or the like reads images of the project. */
  readonly isInUse: (projectId: ProjectId) => boolean;
  readonly now: Now;
}

/** Images removed in one go, without letting anybody else in between. */
const groupSize = 200;
const thumbnailSizes = ['128', '256', '512'];

/** The trash of each project. */
export class TrashService {
  readonly #deps: TrashServiceDeps;

  constructor(deps: TrashServiceDeps) {
    this.#deps = deps;
  }

  put(projectId: ProjectId, imageIds: readonly ImageId[]): EditResult {
    return this.#deps.datasets.change(projectId, (dataset, at) => dataset.trash.put(imageIds, at));
  }

  restore(projectId: ProjectId, imageIds: readonly ImageId[]): EditResult {
    return this.#deps.datasets.change(projectId, (dataset, at) => dataset.trash.restore(imageIds, at));
  }

  list(projectId: ProjectId): readonly TrashedImage[] {
    return this.#deps.datasets.store(projectId).trash.list();
  }

  /**
   * Deletes what is in the trash: rows first, then files, group by group, so that stopping anywhere leaves at most files without a row.
   *
   * AppError conflict while images are in use, and as of files that may not be removed; then what is left goes the next time.
   */
  async empty(
    projectId: ProjectId,
  ): Promise<{ readonly revision: number; readonly deleted: number; readonly freedBytes: number }> {
    const context = this.#deps.project(projectId);
    context.assertWritable();
    if (this.#deps.isInUse(projectId)) throw new AppError('conflict', say('trashInUse'), { retry: true });
    const { dataset } = context.database;
    const at = this.#deps.now().toISOString();
    let freedBytes = 0;
    let deleted = 0;
    try {
      for (;;) {
        // No wait between the rows and the files: an import of the same picture must find both or neither.
        const forgotten = dataset.trash.forget(groupSize, at);
        freedBytes += removeFilesSync(context);
        if (forgotten === 0) break;
        deleted += forgotten;
        await new Promise(setImmediate);
        context.assertWritable();
      }
    } finally {
      if (deleted > 0) this.#deps.datasets.tellChanged(context);
    }
    return { revision: dataset.revision(), deleted, freedBytes };
  }

  /** Removes the files that a crash left behind; those that cannot be removed are tried again the next time. */
  finish(context: ProjectContext): void {
    removeFilesSync(context);
  }
}

/** Removes the files of deleted images; answers how many bytes that freed. */
function removeFilesSync({ paths, database: { dataset } }: ProjectContext): number {
  const files = dataset.trash.filesLeft();
  if (files.length === 0) return 0;
  const gone: ImageId[] = [];
  let freedBytes = 0;
  try {
    for (const file of files) {
      freedBytes += removeSync(paths, file);
      gone.push(file.id);
    }
  } finally {
    dataset.trash.filesAreGone(gone);
  }
  return freedBytes;
}

function removeSync(paths: ProjectPaths, { id, format }: DeletedFile): number {
  const file = paths.image(id, format);
  try {
    const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    rmSync(file, { force: true });
    for (const size of thumbnailSizes) {
      rmSync(path.join(paths.thumbnails, size, id.slice(0, 2), `${id}.webp`), { force: true });
    }
    return bytes;
  } catch (error) {
    throw fileError(error, say('doingEmptyTrash'), file);
  }
}
