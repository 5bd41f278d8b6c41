import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { SkippedFile } from '../../../src-shared/contract/import.contract.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { fileError } from '../../storage/file-error.ts';
import { isArchiveName, looksLikeImage } from '../folder/count-images.ts';
import { diskFile } from './disk-file.ts';
import { placeFiles, splitOf, type FoundFile, type MetFile, type Scan } from './found-file.ts';
import { scanFolder } from './scan-folder.ts';
import { openZip } from './zip-archive.ts';

/** All files of an import, until it is closed: archives stay open as long. */
export interface Gathering<File = FoundFile> {
  readonly files: readonly File[];
  readonly skipped: readonly SkippedFile[];
  close(): void;
}

/**
 * Finds the files of folders, archives and single files. One folder or archive is read as it is: its folders are classes.
 * Of several, one with folders in it is read so, too; one with mere pictures is a class itself, and one that is called
 * train, val or test is that split.
 *
 * `isWanted` says which files and archives of a folder count, by the way to them. Throws AppError when one of the roots cannot be read, and the
 * signal's reason.
 */
export async function gatherFiles(
  roots: readonly string[],
  signal: AbortSignal,
  isWanted: (root: string, way: string) => boolean = () => true,
): Promise<Gathering> {
  const met = await meetFiles(roots, signal, isWanted);
  return { ...placeFiles(met), close: () => met.close() };
}

/** As gatherFiles, before anything is made of the names of folders. */
export async function meetFiles(
  roots: readonly string[],
  signal: AbortSignal,
  isWanted: (root: string, way: string) => boolean = () => true,
): Promise<Gathering<MetFile>> {
  const openArchives: (() => void)[] = [];
  const close = (): void => {
    for (const closeOne of openArchives) closeOne();
  };
  try {
    const met: MetFile[] = [];
    const skipped: SkippedFile[] = [];
    for (const root of roots) {
      const onOpen = (closeOne: () => void): void => void openArchives.push(closeOne);
      const scan = await scanRoot(root, { signal, onOpen, isWanted: (way) => isWanted(root, way) });
      const isAlone = roots.length === 1 || scan.isFile;
      met.push(...(isAlone ? scan.files : scan.files.map((file) => nameInside(file, root, scan))));
      skipped.push(...scan.skipped.map((one) => (isAlone ? one : { ...one, file: `${basename(root)}/${one.file}` })));
    }
    return { files: met, skipped, close };
  } catch (error) {
    close();
    throw error;
  }
}

interface RootScan extends Scan {
  readonly isFile: boolean;
}

interface RootOptions {
  readonly signal: AbortSignal;
  readonly onOpen: (close: () => void) => void;
  readonly isWanted: (way: string) => boolean;
}

async function scanRoot(root: string, { signal, onOpen, isWanted }: RootOptions): Promise<RootScan> {
  const { path, isFolder } = await lookAt(root);
  if (!isFolder) {
    const name = basename(path);
    if (!isArchiveName(name))
      return { isFile: true, files: [{ segments: [name], content: diskFile(path) }], skipped: [] };
    const archive = await openZip(path, signal);
    onOpen(() => archive.close());
    return { isFile: false, files: belowCommonFolder(archive.files), skipped: archive.skipped };
  }
  const { files, skipped, archives } = await scanFolder(path, signal, isWanted);
  const inside = await openArchivesInside(archives, signal, onOpen);
  return { isFile: false, files: [...files, ...inside.files], skipped: [...skipped, ...inside.skipped] };
}

async function lookAt(root: string): Promise<{ readonly path: string; readonly isFolder: boolean }> {
  try {
    const path = await realpath(root);
    return { path, isFolder: (await stat(path)).isDirectory() };
  } catch (error) {
    throw fileError(error, say('doingReadFolder'), root);
  }
}

/** An archive in a folder stands for the folder that it would be unpacked to, without a name of its own. */
async function openArchivesInside(
  archives: readonly { readonly segments: readonly string[]; readonly path: string }[],
  signal: AbortSignal,
  onOpen: (close: () => void) => void,
): Promise<Scan> {
  const files: MetFile[] = [];
  const skipped: SkippedFile[] = [];
  for (const { segments, path } of archives) {
    const file = segments.join('/');
    try {
      const archive = await openZip(path, signal);
      onOpen(() => archive.close());
      const above = segments.slice(0, -1);
      files.push(...belowCommonFolder(archive.files).map((one) => ({ ...one, segments: [...above, ...one.segments] })));
      skipped.push(...archive.skipped.map((one) => ({ ...one, file: `${file}/${one.file}` })));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      skipped.push({ file, reason: error.sentence });
    }
  }
  return { files, skipped };
}

/** Most archives hold one folder that is called as they are; where that one holds folders of pictures, they are the classes. */
function belowCommonFolder(files: readonly MetFile[]): readonly MetFile[] {
  const tops = new Set(files.map(({ segments }) => segments[0]));
  const [top] = tops;
  const isWrapper = tops.size === 1 && top !== undefined && splitOf(top) === null;
  const hasLoosePictures = files.some(({ segments }) => segments.length < 3 && looksLikeImage(segments.at(-1) ?? ''));
  if (!isWrapper || hasLoosePictures || !files.some(({ segments }) => segments.length > 2)) return files;
  return files.map((file) => ({ ...file, segments: file.segments.slice(1) }));
}

/** The way to a file of one root among several. */
function nameInside(file: MetFile, root: string, scan: Scan): MetFile {
  const name = basename(root).replace(/\.zip$/iu, '');
  const hasFolders = scan.files.some(({ segments }) => segments.length > 1);
  return hasFolders && splitOf(name) === null ? file : { ...file, segments: [name, ...file.segments] };
}
