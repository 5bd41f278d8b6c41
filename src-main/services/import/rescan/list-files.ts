import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isArchiveName, looksLikeImage } from '../../folder/count-images.ts';
import { isSystemName } from '../found-file.ts';

/** More files than this are not remembered: a folder of so many is no place where somebody puts a few more. */
export const mostRemembered = 500_000;

/**
 * The ways to all pictures and archives below a folder by their names, forward slashes, links not followed; nothing of any file is read. What
 * cannot be listed is left out. Null for more than can be remembered. Throws the signal's reason.
 */
export async function listPictures(root: string, signal: AbortSignal): Promise<readonly string[] | null> {
  const ways: string[] = [];
  const waiting = [''];
  for (let above = waiting.pop(); above !== undefined; above = waiting.pop()) {
    signal.throwIfAborted();
    for (const entry of await entriesOf(join(root, above))) {
      const way = above === '' ? entry.name : `${above}/${entry.name}`;
      if (isSystemName(entry.name)) continue;
      if (entry.isDirectory()) waiting.push(way);
      else if (entry.isFile() && (looksLikeImage(entry.name) || isArchiveName(entry.name))) ways.push(way);
    }
    if (ways.length > mostRemembered) return null;
  }
  return ways;
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
