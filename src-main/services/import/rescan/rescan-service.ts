import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { NewFiles } from '../../../../src-shared/contract/rescan.contract.ts';
import type { FolderToken, ProjectId } from '../../../../src-shared/domain/ids.ts';
import type { FolderMemory } from './folder-memory.ts';
import { listPictures } from './list-files.ts';

export interface RescanServiceDeps {
  readonly memory: FolderMemory;
  readonly grantFolder: (path: string) => FolderToken;
  /** The path that a token stands for; throws AppError 'not-found'. */
  readonly folderPath: (token: FolderToken) => string;
}

const shownNames = 3;

/** Looks for files that came to folders after they were imported. It only tells; nothing comes in by itself. */
export class RescanService {
  readonly #deps: RescanServiceDeps;
  readonly #closing = new AbortController();

  constructor(deps: RescanServiceDeps) {
    this.#deps = deps;
  }

  /** The folders with pictures or archives that were not there at their last import, by name. */
  async find(projectId: ProjectId): Promise<readonly NewFiles[]> {
    const { memory, grantFolder } = this.#deps;
    const found: NewFiles[] = [];
    for (const { root, seen } of await memory.folders(projectId)) {
      const ways = (await listPictures(root, this.#closing.signal)) ?? [];
      const fresh = ways.filter((way) => !seen.has(way)).sort();
      if (fresh.length === 0) continue;
      const names = fresh.slice(0, shownNames);
      found.push({ folder: grantFolder(root), name: basename(root) || root, path: root, count: fresh.length, names });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Takes all that is in a folder now for seen. */
  async ignore(projectId: ProjectId, folder: FolderToken): Promise<void> {
    await rememberFolder(this.#deps.memory, projectId, this.#deps.folderPath(folder), this.#closing.signal);
  }

  close(): void {
    this.#closing.abort();
  }
}

/** Notes what is in a folder now; anything else, such as a single file, is passed over. */
async function rememberFolder(
  memory: FolderMemory,
  projectId: ProjectId,
  root: string,
  signal: AbortSignal,
): Promise<void> {
  const seen = await listFolder(root, signal);
  if (seen !== null) await memory.remember(projectId, root, seen);
}

/** What is in a folder now; null for what is none, or holds too much. */
export async function listFolder(root: string, signal: AbortSignal): Promise<readonly string[] | null> {
  const isFolder = statSync(root, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? await listPictures(root, signal) : null;
}
