import { randomBytes } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { folderTokenSchema, type FolderToken } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { fileError } from '../../storage/file-error.ts';

/** Stands between the page and paths: it hands out unguessable tokens, and only a token that it made leads to a folder. */
export class FolderRegistry {
  readonly #paths = new Map<FolderToken, string>();
  readonly #tokens = new Map<string, FolderToken>();

  /** The token of a folder; the same folder keeps its token. */
  register(path: string): FolderToken {
    const known = this.#tokens.get(path);
    if (known !== undefined) return known;
    const token = v.parse(folderTokenSchema, randomBytes(24).toString('base64url'));
    this.#tokens.set(path, token);
    this.#paths.set(token, path);
    return token;
  }

  /** Throws AppError 'not-found' for a token that this registry did not make. */
  path(token: FolderToken): string {
    const path = this.#paths.get(token);
    if (path !== undefined) return path;
    throw new AppError('not-found', say('folderForgotten'));
  }

  /** A token for a folder that the person chose in the system's dialog. Throws AppError when it is no folder. */
  async grant(path: string): Promise<{ readonly token: FolderToken; readonly name: string }> {
    const real = await realFolder(path);
    return { token: this.register(real), name: basename(real) || real };
  }

  /** A token for a folder or a file that the person named to be imported. Throws AppError when it is not there. */
  async grantSource(path: string): Promise<{ readonly token: FolderToken; readonly name: string }> {
    try {
      const real = await realpath(path);
      return { token: this.register(real), name: basename(real) || real };
    } catch (error) {
      throw fileError(error, say('doingReadFile'), path);
    }
  }
}

/** The folder with all links in its path resolved. Throws AppError 'not-found', 'no-access' or 'bad-input'. */
export async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    throw fileError(error, say('doingOpenFolder'), path);
  }
  throw new AppError('bad-input', say('fileInsteadOfFolder', { path }));
}
