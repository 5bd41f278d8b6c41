import { randomBytes } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Dataset } from '../../../src-shared/domain/dataset.ts';
import type { LabelFormat } from '../../../src-shared/domain/label-format.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { syncFolder, writeFileDurably } from '../../storage/durable-write.ts';
import { fileError } from '../../storage/file-error.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import { layOutLabels, type LabelLayout } from './label-layout.ts';
import { FreeNames, safeName } from './safe-names.ts';

export interface LabelExportDeps {
  /** Throws AppError 'not-found' when the project is not open. */
  readonly project: (projectId: ProjectId) => ProjectContext;
  readonly readDataset: (projectId: ProjectId) => Dataset;
}

export interface LabelExportRequest {
  readonly projectId: ProjectId;
  /** In which the new folder is made. */
  readonly parent: string;
  /** Null: after the project. */
  readonly name: string | null;
  readonly format: LabelFormat;
}

/** Writes labels, and copies of images, for other programs. */
export class LabelExportService {
  readonly #deps: LabelExportDeps;

  constructor(deps: LabelExportDeps) {
    this.#deps = deps;
  }

  /**
   * Makes a new folder with the labels of a project: whole, or not at all. Throws AppError 'conflict' when it is there already,
   * 'disk-full', 'no-access' or 'not-found'.
   */
  async export({ projectId, parent, name, format }: LabelExportRequest): Promise<{ path: string; imageCount: number }> {
    const context = this.#deps.project(projectId);
    const dataset = this.#deps.readDataset(projectId);
    const path = join(parent, name === null ? freeName(parent, `${context.name} ${format}`) : name);
    if (existsSync(path)) throw new AppError('conflict', say('fileInTheWay', { doing: say('doingWriteLabels'), path }));
    const temporary = join(parent, `.tmp-${randomBytes(6).toString('hex')}`);
    try {
      await mkdir(temporary);
      await write(context, temporary, layOutLabels(format, dataset, context.labelling));
      await rename(temporary, path);
      await syncFolder(parent);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
      throw fileError(error, say('doingWriteLabels'), path);
    }
    return { path, imageCount: dataset.images.length };
  }
}

async function write(context: ProjectContext, root: string, { texts, copies }: LabelLayout): Promise<void> {
  const ways = [...texts, ...copies].map(({ way }) => way);
  for (const folder of new Set(ways.map((way) => dirname(way)))) await mkdir(join(root, folder), { recursive: true });
  for (const { way, image } of copies) {
    // A clone where the file system has such, so that copies take neither time nor space.
    await copyFile(context.paths.image(image.id, image.format), join(root, way), constants.COPYFILE_FICLONE);
  }
  for (const { way, text } of texts) await writeFileDurably(join(root, way), text);
}

function freeName(parent: string, name: string): string {
  const names = new FreeNames();
  for (;;) {
    const free = names.take(safeName(name));
    if (!existsSync(join(parent, free))) return free;
  }
}
