import type { NewFiles } from '../../src-shared/contract/rescan.contract.ts';
import type { App } from '../state/app.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';
import { attempt } from './dataset-actions.ts';

/** Imports what came to a folder; the person stays where they are, and the toast of its end tells. */
export async function importNewFiles(app: App, session: ProjectSession, { folder }: NewFiles): Promise<void> {
  await attempt(app, async () => {
    take(session, folder);
    session.imports.add(await app.client.call('rescan.start', { projectId: session.id, folder }));
  });
}

/** They are offered no more; others that come later are. */
export async function ignoreNewFiles(app: App, session: ProjectSession, { folder }: NewFiles): Promise<void> {
  await attempt(app, async () => {
    take(session, folder);
    await app.client.call('rescan.ignore', { projectId: session.id, folder });
  });
}

/** Looks now, and says so where there is nothing new. */
export async function lookForNewFiles(app: App, session: ProjectSession): Promise<void> {
  await attempt(app, async () => {
    const count = await session.newFiles.look();
    const { t } = app.i18n;
    app.toasts.show(count === 0 ? t('import.noNewFiles') : t('import.newFilesFound', { count }));
  });
}

function take({ newFiles }: ProjectSession, folder: NewFiles['folder']): void {
  newFiles.folders = newFiles.folders.filter((one) => !Object.is(one.folder, folder));
}
