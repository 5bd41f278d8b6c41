import type { ClassId } from '../../src-shared/domain/ids.ts';
import { keyCaps } from '../state/action-registry.svelte.ts';
import type { App } from '../state/app.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';
import { readClipboardPictures } from './clipboard-pictures.ts';
import { readDrop, type DroppedFile } from './read-drop.ts';
import { importInPlace } from './upload-actions.ts';

/** Imports the files of a paste, which may be pictures without a file; false when it holds neither. */
export async function pasteInto(app: App, session: ProjectSession, transfer: DataTransfer): Promise<boolean> {
  const files = await readDrop(transfer);
  await importPasted(app, session, files);
  return files.length > 0;
}

/** Reads the clipboard without the key, where the browser allows it. */
export async function pasteFromMenu(app: App, session: ProjectSession): Promise<void> {
  const { t } = app.i18n;
  try {
    const files = await readClipboardPictures();
    if (files.length === 0) app.toasts.show(t('import.pasteNothing'));
    await importPasted(
      app,
      session,
      files.map((file) => ({ file, path: file.name })),
    );
  } catch {
    app.toasts.show(t('import.pasteByKey', { keys: keyCaps('Mod+V').join(' ') }));
  }
}

async function importPasted(app: App, session: ProjectSession, files: readonly DroppedFile[]): Promise<void> {
  if (files.length === 0) return;
  const classId = classShown(session);
  const className = classId === null ? null : session.dataset.classById.get(classId)?.name;
  const { t } = app.i18n;
  await importInPlace(app, session, {
    files: files.map((one, index) => named(app, one, index)),
    name: className == null ? t('import.pasted') : t('import.pastedFor', { name: className }),
    classId,
  });
}

/** The one class that the images page shows: what is pasted there is meant for it. */
function classShown({ view, dataset }: ProjectSession): ClassId | null {
  const [only, ...more] = view.choices('class');
  const shown = more.length === 0 ? dataset.classes.find(({ id }) => id === only) : undefined;
  return shown?.id ?? null;
}

/** A picture without a file is called “image.png” by every browser; the time tells one from the next. */
function named({ i18n }: App, { file, path }: DroppedFile, index: number): DroppedFile {
  const ending = /^(?:image|clipboard)(\.[a-z]+)$/iu.exec(path)?.[1];
  if (ending === undefined) return { file, path };
  const now = new Date();
  const time = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  const number = index === 0 ? '' : ` ${String(index + 1)}`;
  return {
    file,
    path: `${i18n.t('import.pastedFile', { time: time.replace('T', ' ').replaceAll(':', '.') })}${number}${ending}`,
  };
}
