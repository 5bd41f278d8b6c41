import * as v from 'valibot';
import { byteRoutes } from '../../src-shared/contract/byte-routes.ts';
import { uploadBatchIdSchema, type ImportJob } from '../../src-shared/contract/import.contract.ts';
import type { JobId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { App } from '../state/app.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';
import { chooseFolder } from './home-actions.ts';
import { sendFile } from './send-file.ts';

/** One dropped file and its place below what was dropped. */
export interface DroppedFile {
  readonly file: File;
  readonly path: string;
}

export interface UploadProgress {
  readonly done: number;
  readonly total: number;
}

const uploadsAtOnce = 3;

/** Lets the person choose a folder and imports it; the import page shows how it goes. */
export async function importChosenFolder(app: App, session: ProjectSession): Promise<void> {
  try {
    const folder = await chooseFolder(app, 'import');
    if (!folder) return;
    session.imports.put(
      await app.client.call('import.start', { projectId: session.id, folder: folder.token, ratios: null }),
    );
    app.router.go('images/import');
  } catch (error) {
    app.reportError(error);
  }
}

/** Tells when an import ends while its page is not in view; returns the function that stops. */
export function announceImports(app: App, session: ProjectSession): () => void {
  return app.client.on('import.changed', ({ job }) => {
    if (job.projectId !== session.id || job.status !== 'completed') return;
    if (app.router.place.path === 'images/import') return;
    const text = app.i18n.t('import.ended', { count: job.imported, skipped: job.skipped.length });
    const see = { label: app.i18n.t('import.seeWhy'), run: () => app.router.go('images/import', { job: job.id }) };
    app.toasts.show(text, job.skipped.length > 0 ? { action: see } : {});
  });
}

export async function cancelImport(app: App, jobId: JobId): Promise<void> {
  try {
    await app.client.call('import.cancel', { jobId });
  } catch (error) {
    app.reportError(error);
  }
}

/** Sends dropped files to core, a few at a time, and starts their import. An abort sends no more and imports nothing. */
export async function uploadAndImport(
  app: App,
  projectId: ProjectId,
  files: readonly DroppedFile[],
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: UploadProgress) => void },
): Promise<ImportJob> {
  const batch = v.parse(uploadBatchIdSchema, crypto.randomUUID());
  const waiting = [...files];
  let done = 0;
  const sendRest = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await sendFile(byteRoutes.uploadToBatch(batch, next.path), next.file, options.signal);
      done += 1;
      options.onProgress({ done, total: files.length });
    }
  };
  options.onProgress({ done, total: files.length });
  await Promise.all(Array.from({ length: uploadsAtOnce }, sendRest));
  return await app.client.call('import.startUpload', { projectId, batch });
}

/** The files of a drop with their places, folders opened; empty when there are none. */
export async function readDrop(transfer: DataTransfer): Promise<readonly DroppedFile[]> {
  // Everything must be taken before the first await: after the event the transfer is empty.
  const reading = [...transfer.items].map(async (item): Promise<readonly DroppedFile[]> => {
    const entry = item.webkitGetAsEntry();
    if (entry) return await readEntry(entry, '');
    // What comes from a page or another program may be a file without a place on a disk.
    const file = item.kind === 'file' ? item.getAsFile() : null;
    return file ? [{ file, path: file.name }] : [];
  });
  return (await Promise.all(reading)).flat();
}

async function readEntry(entry: FileSystemEntry, above: string): Promise<readonly DroppedFile[]> {
  const path = above === '' ? entry.name : `${above}/${entry.name}`;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const files: DroppedFile[] = [];
  // A reader gives its entries in portions and ends with an empty one.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return files;
    files.push(...(await Promise.all(portion.map((one) => readEntry(one, path)))).flat());
  }
}

// By what they say of themselves: Chromium does not have the classes by name.
function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** What a project made of a drop is called: the one folder that holds everything, else null. */
export function commonFolder(files: readonly DroppedFile[]): string | null {
  const names = new Set(files.map(({ path }) => path.split('/', 1)[0] ?? ''));
  const [only] = names;
  return names.size === 1 && only !== undefined && files.every(({ path }) => path.includes('/')) ? only : null;
}

/** The same files without the folder that holds them all, as importing that folder would see them. */
export function belowCommonFolder(files: readonly DroppedFile[]): readonly DroppedFile[] {
  const top = commonFolder(files);
  if (top === null) return files;
  // A folder of pictures only is a class; a folder of folders is what holds the classes.
  const isFlat = files.every(({ path }) => path.split('/').length === 2);
  return isFlat ? files : files.map(({ file, path }) => ({ file, path: path.slice(top.length + 1) }));
}
