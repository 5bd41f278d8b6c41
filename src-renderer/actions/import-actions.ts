import type { ImportJob } from '../../src-shared/contract/import.contract.ts';
import type { App } from '../state/app.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';
import { attempt, offerUndo } from './dataset-actions.ts';
import { chooseImportFolders, isProject } from './home-actions.ts';
import { importFiles, isListName, pickFiles } from './upload-actions.ts';

/** Lets the person choose folders or archives and imports them; the import page shows how it goes. */
export async function importChosenFolders(app: App, session: ProjectSession): Promise<void> {
  await report(app, async () => startImport(app, session, await chooseImportFolders(app)));
}

/** Lets the person choose image files and archives and imports them: where they lie, or as an upload from a browser. */
export async function importChosenFiles(app: App, session: ProjectSession): Promise<void> {
  await report(app, async () => {
    if (app.host.hasNativeDialogs) {
      const sources = await app.client.call('host.pickSources', { kind: 'files' });
      const list = sources.find(({ name }) => isListName(name));
      if (list) app.router.go('images/import/list', { list: list.token });
      else await startImport(app, session, sources);
      return;
    }
    const files = await pickFiles();
    if (files.length > 0) await importFiles(app, files);
  });
}

/** Tells when an import ends while its page is not in view; returns the function that stops. */
export function announceImports(app: App, session: ProjectSession): () => void {
  return app.client.on('import.changed', ({ job }) => {
    if (job.projectId !== session.id || job.status !== 'completed') return;
    if (['images/import', 'images/camera'].includes(app.router.place.path)) return;
    const { t } = app.i18n;
    const text =
      job.imported + job.skipped === 0 && job.duplicates > 0
        ? t('import.endedKnown', { count: job.duplicates })
        : t('import.ended', { count: job.imported, skipped: job.skipped });
    const see = { label: t('import.seeWhy'), run: () => app.router.go('images/import', { job: job.id }) };
    const back = { label: t('shell.undo'), run: () => void takeBackImport(app, session, job) };
    app.toasts.show(text, { action: job.skipped > 0 ? see : job.imported > 0 ? back : null });
  });
}

/** Moves all that an import brought in to the trash, with the way back. */
export async function takeBackImport(app: App, session: ProjectSession, { id: jobId }: ImportJob): Promise<void> {
  await attempt(app, async () => {
    const { changed } = await session.dataset.change((client, projectId) =>
      client.call('import.takeBack', { projectId, jobId }),
    );
    if (changed === 0) app.toasts.show(app.i18n.t('import.nothingToTakeBack'));
    else offerUndo(app, session, app.i18n.t('labelling.trashed', { count: changed }));
  });
}

export async function pauseImport(app: App, { projectId, id: jobId }: ImportJob): Promise<void> {
  await report(app, () => app.client.call('import.pause', { projectId, jobId }));
}

/** Goes on with an import that was paused, interrupted or failed. */
export async function resumeImport(app: App, { projectId, id: jobId }: ImportJob): Promise<void> {
  await report(app, () => app.client.call('import.resume', { projectId, jobId }));
}

export async function cancelImport(app: App, { projectId, id: jobId }: ImportJob): Promise<void> {
  await report(app, () => app.client.call('import.cancel', { projectId, jobId }));
}

async function startImport(
  app: App,
  session: ProjectSession,
  sources: Awaited<ReturnType<typeof chooseImportFolders>>,
): Promise<void> {
  const [only] = sources;
  if (!only) return;
  if (sources.length === 1 && (await isProject(app, only.token))) {
    app.router.go('images/import/project', { folder: only.token });
    return;
  }
  const tokens = sources.map(({ token }) => token);
  session.imports.add(await app.client.call('import.start', { projectId: session.id, sources: tokens, ratios: null }));
  app.router.go('images/import');
}

async function report(app: App, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    app.reportError(error);
  }
}
