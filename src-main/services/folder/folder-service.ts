import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import { basename, dirname, isAbsolute, join, parse } from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { FolderEntry, FolderListing } from '../../../src-shared/contract/folder.contract.ts';
import type { FolderToken } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { fileError } from '../../storage/file-error.ts';
import { projectPaths } from '../../storage/project-paths.ts';
import { countImages, isArchiveName, looksLikeImage, type ImageCount } from './count-images.ts';
import { realFolder, type FolderRegistry } from './folder-registry.ts';

export interface FolderServiceDeps {
  readonly registry: FolderRegistry;
  /** Where new projects go by default. */
  readonly projects: string;
  /** The person's home folder. */
  readonly home: string;
}

/** A listing must come at once; counts that are not done by then are left as far as they are. */
const countingMs = 400;
const listedFolders = 2000;

/** The folder chooser for where no system dialog is: shows folders of the machine that core runs on. */
export class FolderService {
  readonly #deps: FolderServiceDeps;

  constructor(deps: FolderServiceDeps) {
    this.#deps = deps;
  }

  /** Null is the person's home. */
  async list(folder: FolderToken | null): Promise<FolderListing> {
    return this.#listPath(folder === null ? this.#deps.home : this.#deps.registry.path(folder));
  }

  /** The folder of a typed path; `~` is the person's home. Throws AppError 'bad-input' for a relative path. */
  async find(path: string): Promise<FolderListing> {
    const typed = path.trim().replace(/^~(?=$|[\\/])/, this.#deps.home);
    if (!isAbsolute(typed)) {
      throw new AppError('bad-input', say('pathNotAbsolute', { example: this.#deps.home, path }));
    }
    return this.#listPath(await realFolder(typed));
  }

  async #listPath(path: string): Promise<FolderListing> {
    const { registry } = this.#deps;
    const entries = await readEntries(path);
    const names = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name);
    const folders = await this.#describe(path, names.sort(byName).slice(0, listedFolders));
    const archives = entries.filter((entry) => entry.isFile() && isArchiveName(entry.name)).map(({ name }) => name);
    const direct = entries.filter((entry) => entry.isFile() && looksLikeImage(entry.name)).length;
    const parent = dirname(path);
    return {
      token: registry.register(path),
      path,
      name: basename(path) || path,
      parent: parent === path ? null : registry.register(parent),
      folders: [...folders, ...archives.sort(byName).map((name) => this.#describeArchive(path, name))],
      ...countAll(direct, folders, names.length > folders.length),
      isProject: isProject(path),
      isModel: isModel(path),
      isArchive: false,
      places: this.#places(),
      host: os.hostname(),
    };
  }

  async #describe(path: string, names: readonly string[]): Promise<readonly FolderEntry[]> {
    const deadlineMs = performance.now() + countingMs;
    const folders: FolderEntry[] = [];
    for (const name of names) {
      const folder = join(path, name);
      const counted = await countImages(folder, deadlineMs);
      const is = { isProject: isProject(folder), isModel: isModel(folder), isArchive: false };
      folders.push({ token: this.#deps.registry.register(folder), name, ...counted, ...is });
    }
    return folders;
  }

  #describeArchive(path: string, name: string): FolderEntry {
    const token = this.#deps.registry.register(join(path, name));
    return { token, name, imageCount: 0, hasMore: true, isProject: false, isModel: false, isArchive: true };
  }

  #places(): FolderListing['places'] {
    const { home, projects, registry } = this.#deps;
    const { root } = parse(home);
    const candidates = [
      home,
      ...['Desktop', 'Pictures', 'Downloads', 'Documents'].map((name) => join(home, name)),
      projects,
      root,
    ];
    return [...new Set(candidates)]
      .filter((path) => existsSync(path))
      .map((path) => ({ token: registry.register(path), name: basename(path) || path }));
  }
}

function countAll(direct: number, folders: readonly FolderEntry[], isCut: boolean): ImageCount {
  return {
    imageCount: folders.reduce((sum, { imageCount }) => sum + imageCount, direct),
    hasMore: isCut || folders.some(({ hasMore }) => hasMore),
  };
}

async function readEntries(path: string): Promise<Awaited<ReturnType<typeof readWithTypes>>> {
  try {
    return await readWithTypes(path);
  } catch (error) {
    throw fileError(error, say('doingLookIntoFolder'), path);
  }
}

function readWithTypes(path: string) {
  return readdir(path, { withFileTypes: true });
}

function isProject(folder: string): boolean {
  return existsSync(projectPaths(folder).projectFile) && existsSync(projectPaths(folder).database);
}

function isModel(folder: string): boolean {
  return existsSync(join(folder, 'model.json'));
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
