import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { SkippedFile } from '../../../src-shared/contract/import.contract.ts';
import { classNameSchema, type Split } from '../../../src-shared/domain/dataset.ts';
import { say, type NamedSentence } from '../../../src-shared/domain/sentence.ts';
import { fileError } from '../../storage/file-error.ts';

/** A file that may be an image, and what its folders say about it. */
export interface FoundFile {
  readonly path: string;
  /** Below the scanned folder, forward slashes. */
  readonly source: string;
  readonly fileName: string;
  readonly className: string | null;
  readonly givenSplit: Split | null;
}

export interface FolderScan {
  /** By class name, then by path: the order in which images come into the dataset. */
  readonly files: readonly FoundFile[];
  readonly skipped: readonly SkippedFile[];
}

const splitFolders: ReadonlyMap<string, Split> = new Map([
  ['train', 'training'],
  ['training', 'training'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['validation', 'validation'],
  ['test', 'test'],
]);

/** What systems put beside people's files. */
const systemNames = new Set([
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '__macosx',
  '$recycle.bin',
  'system volume information',
]);

/**
 * Finds the files below a folder. The class of a file is the first folder on its way, as in torchvision's ImageFolder; a
 * first folder called train, val or test (or training, valid, validation) is its split, and the next one the class.
 *
 * Links are not followed: they may lead out of the folder or round in circles. Throws AppError when the folder itself
 * cannot be read, and the signal's reason.
 */
export async function scanFolder(root: string, signal: AbortSignal): Promise<FolderScan> {
  const files: FoundFile[] = [];
  const skipped: SkippedFile[] = [];
  const waiting: (readonly string[])[] = [[]];
  for (let segments = waiting.pop(); segments; segments = waiting.pop()) {
    signal.throwIfAborted();
    for (const entry of await readEntries(root, segments, skipped)) {
      const below = [...segments, entry.name];
      if (isSystemName(entry.name)) continue;
      if (entry.isDirectory()) waiting.push(below);
      else if (entry.isFile()) place(root, below, { files, skipped });
      else skipped.push({ file: below.join('/'), reason: reasonFor(entry) });
    }
  }
  files.sort((a, b) => compare(a.className ?? '', b.className ?? '') || compare(a.source, b.source));
  skipped.sort((a, b) => compare(a.file, b.file));
  return { files, skipped };
}

/** Hidden files and the bookkeeping of file managers and archives. */
export function isSystemName(name: string): boolean {
  return name.startsWith('.') || systemNames.has(name.toLowerCase());
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

function place(root: string, segments: readonly string[], lists: { files: FoundFile[]; skipped: SkippedFile[] }): void {
  const source = segments.join('/');
  const givenSplit = segments.length > 1 ? (splitFolders.get((segments[0] ?? '').toLowerCase()) ?? null) : null;
  const [first, ...rest] = givenSplit === null ? segments : segments.slice(1);
  const className = v.safeParse(v.nullable(classNameSchema), rest.length === 0 ? null : first?.normalize('NFC'));
  if (!className.success) {
    lists.skipped.push({
      file: source,
      reason: say('classNameUnfit'),
    });
    return;
  }
  const fileName = segments.at(-1) ?? source;
  lists.files.push({ path: join(root, ...segments), source, fileName, className: className.output, givenSplit });
}

function reasonFor(entry: Dirent): NamedSentence {
  return entry.isSymbolicLink() ? say('isLink') : say('isNoFile');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
