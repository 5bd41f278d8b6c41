import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import type { ProjectId } from '../../../../src-shared/domain/ids.ts';

const memorySchema = v.strictObject({
  version: v.literal(1),
  root: v.string(),
  /** The pictures and archives that were there. */
  seen: v.array(v.string()),
});

/** A folder that was imported, and what was in it then. */
export interface RememberedFolder {
  readonly root: string;
  readonly seen: ReadonlySet<string>;
}

/**
 * The folders that each project was filled from. They stand with the person and not in the project: a project from somebody else must not
 * have Graft look at places of its choice. Losing them costs offers, no data.
 */
export class FolderMemory {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async remember(projectId: ProjectId, root: string, seen: readonly string[]): Promise<void> {
    const file = this.#file(projectId, root);
    const temporary = `${file}.${String(process.pid)}`;
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(temporary, JSON.stringify({ version: 1, root, seen }));
      await rename(temporary, file);
    } catch {
      // A full disk has its own complaints; this one is worth none.
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** Those that are there at the moment. */
  async folders(projectId: ProjectId): Promise<readonly RememberedFolder[]> {
    const folder = join(this.#folder, projectId);
    const names = await readdir(folder).catch(() => []);
    const all = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => readMemory(join(folder, name))),
    );
    return all.filter((one) => one !== null).filter(({ root }) => existsSync(root));
  }

  /** Null for a folder that was never imported. */
  async find(projectId: ProjectId, root: string): Promise<RememberedFolder | null> {
    return await readMemory(this.#file(projectId, root));
  }

  #file(projectId: ProjectId, root: string): string {
    return join(this.#folder, projectId, `${createHash('sha256').update(root).digest('hex').slice(0, 24)}.json`);
  }
}

async function readMemory(file: string): Promise<RememberedFolder | null> {
  try {
    const parsed = v.safeParse(memorySchema, JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? { root: parsed.output.root, seen: new Set(parsed.output.seen) } : null;
  } catch {
    return null;
  }
}
