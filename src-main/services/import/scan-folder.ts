import { existsSync, type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SkippedFile } from '../../../src-shared/contract/import.contract.ts';
import { say, type NamedSentence } from '../../../src-shared/domain/sentence.ts';
import { fileError } from '../../storage/file-error.ts';
import { isArchiveName } from '../folder/count-images.ts';
import { diskFile } from './disk-file.ts';
import { isSystemName, type MetFile, type Scan } from './found-file.ts';

/** A scan of a folder, and the archives that lie in it: they are looked into in their place. */
export interface FolderScan extends Scan {
  readonly archives: readonly { readonly segments: readonly string[]; readonly path: string }[];
}

/**
 * Finds the files below a folder. Links are not followed: they may lead out of the folder or round in circles.
 *
 * `isWanted` says which files and archives count, by the way to them. Throws AppError when the folder itself cannot be read, and the signal's reason.
 */
export async function scanFolder(
  root: string,
  signal: AbortSignal,
  isWanted: (way: string) => boolean = () => true,
): Promise<FolderScan> {
  const files: MetFile[] = [];
  const skipped: SkippedFile[] = [];
  const archives: { segments: readonly string[]; path: string }[] = [];
  const waiting: (readonly string[])[] = [[]];
  for (let above = waiting.pop(); above; above = waiting.pop()) {
    signal.throwIfAborted();
    for (const entry of await readEntries(root, above, skipped)) {
      const segments = [...above, entry.name];
      const path = join(root, ...segments);
      if (isSystemName(entry.name)) continue;
      if (isNoText(entry.name) && !existsSync(path))
        skipped.push({ file: segments.join('/'), reason: say('nameIsNoText') });
      else if (entry.isDirectory()) waiting.push(segments);
      else if (!isWanted(segments.join('/'))) continue;
      else if (!entry.isFile()) skipped.push({ file: segments.join('/'), reason: reasonFor(entry) });
      else if (isArchiveName(entry.name)) archives.push({ segments, path });
      else files.push({ segments, content: diskFile(path) });
    }
  }
  return { files, skipped, archives };
}

async function readEntries(
  root: string,
  segments: readonly string[],
  skipped: SkippedFile[],
): Promise<readonly Dirent[]> {
  try {
    return await readdir(join(root, ...segments), { withFileTypes: true });
  } catch (error) {
    if (segments.length === 0) throw fileError(error, say('doingReadFolder'), root);
    skipped.push({ file: segments.join('/'), reason: say('folderForbidden') });
    return [];
  }
}

/** Linux takes any bytes for a name. Node reads those that are not UTF-8 as U+FFFD, and no file has the name that comes of it. */
function isNoText(name: string): boolean {
  return name.includes('\ufffd');
}

function reasonFor(entry: Dirent): NamedSentence {
  return entry.isSymbolicLink() ? say('isLink') : say('isNoFile');
}
