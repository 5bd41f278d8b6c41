import * as v from 'valibot';
import type { SkippedFile } from '../../../src-shared/contract/import.contract.ts';
import { classNameSchema } from '../../../src-shared/domain/class-details.ts';
import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';

/** Where the bytes of a file are: on the disk, or packed in an archive. */
export interface FileContent {
  /** All bytes of a picture. Throws AppError with the reason for whatever is no picture, as early as its first bytes show it. */
  read(): Promise<Uint8Array>;
  /** The file itself; null when it is packed in an archive. */
  readonly path: string | null;
}

/** A file as a scan met it. */
export interface MetFile {
  /** The names on the way to it, its own last. */
  readonly segments: readonly string[];
  readonly content: FileContent;
}

/** A file that may be an image, and what its folders say about it. */
export interface FoundFile {
  readonly content: FileContent;
  /** Below what is imported, forward slashes. */
  readonly source: string;
  readonly fileName: string;
  readonly className: string | null;
  /** As in `NewImage`. */
  readonly classNames?: readonly string[] | null;
  readonly givenSplit: Split | null;
  /** What its content must be, where that is known before it is read; a file with another content is left out. */
  readonly contentId?: ImageId;
}

/** What a scan found: files that may be images, and what can be said to be none at once. */
export interface Scan {
  readonly files: readonly MetFile[];
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

/** Hidden files and the bookkeeping of file managers and archives. */
export function isSystemName(name: string): boolean {
  return name.startsWith('.') || systemNames.has(name.toLowerCase());
}

/** The split that a word means: train or training, val, valid or validation, test, in any case; null for every other. */
export function splitOf(word: string): Split | null {
  return splitFolders.get(word.trim().toLowerCase()) ?? null;
}

/**
 * Says of each file what its folders say. The class of a file is the first folder on its way, as in torchvision's
 * ImageFolder; a first folder called train, val or test (or training, valid, validation) is its split, and the next one
 * the class. Sorted by class name, then by path: the order in which images come into the dataset.
 */
export function placeFiles(scan: Scan): { readonly files: FoundFile[]; readonly skipped: SkippedFile[] } {
  const files: FoundFile[] = [];
  const skipped = [...scan.skipped];
  for (const met of scan.files) {
    const placed = placeFile(met);
    if (placed) files.push(placed);
    else skipped.push({ file: met.segments.join('/'), reason: say('classNameUnfit') });
  }
  files.sort((a, b) => compare(a.className ?? '', b.className ?? '') || compare(a.source, b.source));
  skipped.sort((a, b) => compare(a.file, b.file));
  return { files, skipped };
}

/** Null when the class folder's name is no name for a class. */
function placeFile({ segments, content }: MetFile): FoundFile | null {
  const source = segments.join('/');
  const givenSplit = segments.length > 1 ? splitOf(segments[0] ?? '') : null;
  const [first, ...rest] = givenSplit === null ? segments : segments.slice(1);
  const className = v.safeParse(v.nullable(classNameSchema), rest.length === 0 ? null : first?.normalize('NFC'));
  if (!className.success) return null;
  return { content, source, fileName: segments.at(-1) ?? source, className: className.output, givenSplit };
}

/** By code units, so that the order is the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
