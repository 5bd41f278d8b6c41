import * as v from 'valibot';
import { byteRoutes } from '../../src-shared/contract/byte-routes.ts';
import { uploadBatchIdSchema, type UploadBatchId } from '../../src-shared/contract/import.contract.ts';
import type { ClassId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { App } from '../state/app.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';
import type { UploadProgress } from '../state/uploads.svelte.ts';
import { projectName } from './home-actions.ts';
import { belowCommonFolder, commonFolder, type DroppedFile } from './read-drop.ts';
import { sendFile } from './send-file.ts';

const uploadsAtOnce = 3;

/** Sends files to core and imports them, into the open project or one of their own; the import page shows how it goes. */
export async function importFiles(app: App, files: readonly DroppedFile[]): Promise<void> {
  try {
    const name = nameOf(app, files);
    const below = belowCommonFolder(files);
    const sent = await app.uploads.run(async (options) => ({
      projectId: app.session?.id ?? (await makeProject(app, name)),
      batch: await sendBatch(below, options),
    }));
    if (!sent) return;
    const list = below.find(({ path }) => isListName(path));
    if (list) {
      app.router.goTo(sent.projectId, 'images/import/list', { batch: sent.batch, path: list.path });
      return;
    }
    const job = await app.client.call('import.startUpload', { ...sent, name, classId: null });
    app.session?.imports.add(job);
    app.router.goTo(job.projectId, 'images/import');
  } catch (error) {
    app.reportError(error);
  }
}

/** Sends files to core and imports them into the open project while the person stays where they are; the toast of its end tells. */
export async function importInPlace(
  app: App,
  session: ProjectSession,
  {
    files,
    name,
    classId,
  }: { readonly files: readonly DroppedFile[]; readonly name: string; readonly classId: ClassId | null },
): Promise<void> {
  try {
    const batch = await app.uploads.run((options) => sendBatch(files, options));
    if (batch === null) return;
    const upload = { projectId: session.id, batch, name, classId };
    session.imports.add(await app.client.call('import.startUpload', upload));
  } catch (error) {
    app.reportError(error);
  }
}

/** Lets the person choose files with the browser's own dialog; empty when they close it. */
export function pickFiles(): Promise<readonly DroppedFile[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.addEventListener('change', () =>
      resolve([...(input.files ?? [])].map((file) => ({ file, path: file.name }))),
    );
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** True for files directly in what was chosen that are lists of labels by their endings. */
export function isListName(path: string): boolean {
  return !path.includes('/') && /\.(csv|tsv|tab|jsonl|ndjson|json|txt)$/i.test(path);
}

/** Sends files to core, a few at a time, as one batch. An abort sends no more. */
export async function sendBatch(
  files: readonly DroppedFile[],
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: UploadProgress) => void },
): Promise<UploadBatchId> {
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
  return batch;
}

/** What an import of these files is called: the one folder or file that they are, else how many. */
function nameOf(app: App, files: readonly DroppedFile[]): string {
  const [first] = files;
  const name = commonFolder(files) ?? (files.length === 1 ? first?.file.name : undefined);
  return name ?? app.i18n.t('import.fileCount', { count: files.length });
}

async function makeProject(app: App, name: string): Promise<ProjectId> {
  return (await app.client.call('project.create', { name: projectName(name), parent: null })).id;
}
