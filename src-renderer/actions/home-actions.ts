import type { SampleId } from '../../src-shared/contract/project.contract.ts';
import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { projectIdSchema, type FolderToken, type ProjectId } from '../../src-shared/domain/ids.ts';
import type { Labelling } from '../../src-shared/domain/labelling.ts';
import type { App } from '../state/app.svelte.ts';
import type { ChosenFolder, FolderPurpose } from '../state/dialogs.svelte.ts';

/** Lets the person choose a folder: with the system's dialog where there is one, else with the folder chooser. */
export async function chooseFolder(app: App, purpose: FolderPurpose): Promise<ChosenFolder | null> {
  if (app.host.hasNativeDialogs) return await app.client.call('host.pickFolder', { purpose });
  return (await app.dialogs.chooseFolders(purpose))[0] ?? null;
}

/** Lets the person choose folders to import; empty when they close the dialog. */
export async function chooseImportFolders(app: App): Promise<readonly ChosenFolder[]> {
  if (app.host.hasNativeDialogs) return await app.client.call('host.pickSources', { kind: 'folders' });
  return await app.dialogs.chooseFolders('import');
}

export async function openSample(app: App, sample: SampleId): Promise<void> {
  await report(app, async () => {
    const { id } = await app.client.call('project.openSample', { sample });
    app.router.goTo(id, 'images');
  });
}

export async function openChosenProject(app: App): Promise<void> {
  await report(app, async () => {
    const folder = await chooseFolder(app, 'open');
    if (!folder) return;
    app.router.goTo(await openOrMeet(app, folder.token), 'images');
  });
}

/** The project of a folder; also of one whose database is damaged, which its page tells and mends. */
async function openOrMeet(app: App, folder: FolderToken): Promise<ProjectId> {
  try {
    return (await app.client.call('project.openFolder', { folder })).id;
  } catch (error) {
    const id = error instanceof AppError && error.code === 'damaged-file' ? error.detail?.['projectId'] : undefined;
    const parsed = v.safeParse(projectIdSchema, id);
    if (parsed.success) return parsed.output;
    throw error;
  }
}

export async function createProject(
  app: App,
  name: string,
  parent: FolderToken | null,
  labelling: Labelling,
): Promise<ProjectId | null> {
  return await report(app, async () => {
    const { id } = await app.client.call('project.create', { name, parent, labelling });
    app.router.goTo(id, 'images');
    return id;
  });
}

/** True for the folder of a Graft project: its images come with their labels, not as a folder of files. */
export async function isProject(app: App, source: FolderToken): Promise<boolean> {
  return (await app.client.call('import.recognise', { source })).kind === 'project';
}

/** Makes a project named after a folder of images and imports the folder into it; a folder that is a project is opened. */
export async function importFolderAsProject(app: App): Promise<void> {
  await report(app, async () => {
    const folders = await chooseImportFolders(app);
    const [first] = folders;
    if (!first) return;
    if (folders.length === 1 && (await isProject(app, first.token))) {
      app.router.goTo(await openOrMeet(app, first.token), 'images');
      return;
    }
    const { id } = await app.client.call('project.create', { name: projectName(first.name), parent: null });
    const sources = folders.map(({ token }) => token);
    await app.client.call('import.start', { projectId: id, sources, ratios: null });
    app.router.goTo(id, 'images/import');
  });
}

/** Takes a project off the list; its folder stays, so opening it brings it back. */
export async function forgetProject(app: App, projectId: ProjectId): Promise<void> {
  await report(app, () => app.client.call('project.forget', { projectId }));
}

/** A project made of a folder or an archive is called as that is. */
export function projectName(source: string): string {
  return source.replace(/\.zip$/iu, '').slice(0, 80) || source.slice(0, 80);
}

async function report<Result>(app: App, run: () => Promise<Result>): Promise<Result | null> {
  try {
    return await run();
  } catch (error) {
    app.reportError(error);
    return null;
  }
}
