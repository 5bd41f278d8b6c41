import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const countLimit = 10_000;
const imageEnding = /\.(jpe?g|png|webp|gif|tiff?|avif)$/i;

/** True for names that look like images; what a file really is shows when it is imported. */
export function looksLikeImage(name: string): boolean {
  return imageEnding.test(name) && !name.startsWith('.');
}

/**
 * Counts images directly inside a folder and one level below, up to 10,000 or as far as the deadline allows
 * (milliseconds of `performance.now()`). What cannot be read counts as empty.
 */
export async function countImages(folder: string, deadlineMs: number): Promise<number> {
  const entries = await entriesOf(folder);
  let count = entries.filter((entry) => entry.isFile() && looksLikeImage(entry.name)).length;
  for (const entry of entries) {
    if (count >= countLimit || performance.now() > deadlineMs) break;
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const below = await entriesOf(join(folder, entry.name));
    count += below.filter((item) => item.isFile() && looksLikeImage(item.name)).length;
  }
  return Math.min(count, countLimit);
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
