import * as v from 'valibot';
import { byteRoutes } from '../../src-shared/contract/byte-routes.ts';
import { uploadBatchIdSchema, type ImportJob } from '../../src-shared/contract/import.contract.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { App } from '../state/app.svelte.ts';
import type { UploadProgress } from '../state/uploads.svelte.ts';
import { projectName } from './home-actions.ts';
import { belowCommonFolder, commonFolder, type DroppedFile } from './read-drop.ts';
import { sendFile } from './send-file.ts';

const uploadsAtOnce = 3;

/** Sends files to core and imports them, into the open project or one of their own; the import page shows how it goes. */
export async function importFiles(app: App, files: readonly DroppedFile[]): Promise<void> {
  try {
    const job = await app.uploads.run(async (options) => {
      const name = nameOf(app, files);
      const projectId = app.session?.id ?? (await makeProject(app, name));
      return await uploadAndImport(app, { projectId, name, files: belowCommonFolder(files) }, options);
    });
    if (!job) return;
    app.session?.imports.add(job);
    app.router.goTo(job.projectId, 'images/import');
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

interface Upload {
  readonly projectId: ProjectId;
  readonly name: string;
  readonly files: readonly DroppedFile[];
}

/** Sends files to core, a few at a time, and starts their import. An abort sends no more and imports nothing. */
async function uploadAndImport(
  app: App,
  { projectId, name, files }: Upload,
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
  return await app.client.call('import.startUpload', { projectId, batch, name });
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
