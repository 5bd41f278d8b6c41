import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const countLimit = 10_000;
const imageEnding = /\.(jpe?g|png|webp|gif|tiff?|avif)$/i;

/** Images of a folder as far as they were counted. */
export interface ImageCount {
  readonly imageCount: number;
  /** There may be more: the time was up or the limit was reached. */
  readonly hasMore: boolean;
}

/** True for names that look like images; what a file really is shows when it is imported. */
export function looksLikeImage(name: string): boolean {
  return imageEnding.test(name) && !name.startsWith('.');
}

/** True for zip archives by their name; what a file really is shows when it is opened. */
export function isArchiveName(name: string): boolean {
  return name.toLowerCase().endsWith('.zip');
}

/**
 * Counts the images inside a folder, however deep, as an import would take them: up to 10,000 or as far as the
 * deadline allows (milliseconds of `performance.now()`). What cannot be read counts as empty.
 */
export async function countImages(folder: string, deadlineMs: number): Promise<ImageCount> {
  const folders = [folder];
  let imageCount = 0;
  for (const next of folders) {
    if (imageCount >= countLimit || performance.now() > deadlineMs) {
      return { imageCount: Math.min(imageCount, countLimit), hasMore: true };
    }
    for (const entry of await entriesOf(next)) {
      if (entry.isFile() && looksLikeImage(entry.name)) imageCount += 1;
      else if (entry.isDirectory() && !entry.name.startsWith('.')) folders.push(join(next, entry.name));
    }
  }
  return { imageCount: Math.min(imageCount, countLimit), hasMore: imageCount > countLimit };
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
