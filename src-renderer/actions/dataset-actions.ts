import type { DatasetEdit } from '../../src-shared/domain/dataset-edit.ts';
import type { SplitRatios } from '../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../src-shared/domain/ids.ts';
import type { App } from '../state/app.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';

/** Gives the images of these rows a class (null: none), shows it at once, offers undo, and remembers the class for the keys. */
export async function setLabel(
  app: App,
  session: ProjectSession,
  images: Uint32Array,
  classId: ClassId | null,
): Promise<void> {
  const { dataset, view } = session;
  if (classId !== null) view.keys.use(classId);
  const { columns } = dataset.table;
  const code = columns.classId.codeOf(classId);
  const changing = images.filter((row) => columns.classId.codeAt(row) !== code);
  if (changing.length === 0 || session.isReadOnly) return;
  const name = classId === null ? null : (dataset.classById.get(classId)?.name ?? null);
  await attempt(app, async () => {
    await dataset.setLabel(changing, classId);
    const text =
      name === null
        ? app.i18n.t('images.labelCleared', { count: changing.length })
        : app.i18n.t('images.labelSet', { count: changing.length, name });
    offerUndo(app, session, text);
  });
}

export async function addClass(app: App, session: ProjectSession, name: string): Promise<ClassId | null> {
  return await attempt(app, async () => {
    const classId = await session.dataset.addClass(name);
    offerUndo(app, session, app.i18n.t('images.classAdded', { name }));
    return classId;
  });
}

export async function renameClass(app: App, session: ProjectSession, classId: ClassId, name: string): Promise<void> {
  await attempt(app, async () => {
    await session.dataset.change((client, projectId) =>
      client.call('dataset.renameClass', { projectId, classId, name }),
    );
    offerUndo(app, session, app.i18n.t('images.classRenamed', { name }));
  });
}

/** Its images stay without a label; undo brings both back. */
export async function deleteClass(app: App, session: ProjectSession, classId: ClassId): Promise<void> {
  const name = session.dataset.classById.get(classId)?.name ?? '';
  const count = session.dataset.counts.byClass.get(classId) ?? 0;
  await attempt(app, async () => {
    await session.dataset.change((client, projectId) =>
      client.call('dataset.deleteClass', { projectId, classId, moveTo: null }),
    );
    offerUndo(app, session, app.i18n.t('images.classDeleted', { name, count }));
  });
}

/** Shares the images out over the splits anew. */
export async function shareOut(app: App, session: ProjectSession, ratios: SplitRatios): Promise<void> {
  await attempt(app, async () => {
    await session.dataset.change((client, projectId) => client.call('dataset.shareOut', { projectId, ratios }));
    offerUndo(app, session, app.i18n.t('images.shareOutDone'));
  });
}

export async function undo(app: App, session: ProjectSession): Promise<void> {
  const edit = session.dataset.current.undo;
  if (!edit) return;
  await attempt(app, async () => {
    await session.dataset.undo();
    app.toasts.show(app.i18n.t('images.undone', { edit: wordEdit(app, edit) }), {
      action: { label: app.i18n.t('shell.redo'), keys: ['Mod+Shift+Z'], run: () => void redo(app, session) },
    });
  });
}

export async function redo(app: App, session: ProjectSession): Promise<void> {
  const edit = session.dataset.current.redo;
  if (!edit) return;
  await attempt(app, async () => {
    await session.dataset.redo();
    offerUndo(app, session, app.i18n.t('images.redone', { edit: wordEdit(app, edit) }));
  });
}

/** Says what was done, with the way back. */
export function offerUndo(app: App, session: ProjectSession, text: string): void {
  app.toasts.show(text, {
    action: { label: app.i18n.t('shell.undo'), keys: ['Mod+Z'], run: () => void undo(app, session) },
  });
}

function wordEdit(app: App, edit: DatasetEdit): string {
  const { t } = app.i18n;
  const name = edit.className ?? '';
  const count = edit.imageCount;
  const detail = edit.detail ?? '';
  switch (edit.kind) {
    case 'set-label':
      return t('images.editSetLabel', { count, name });
    case 'clear-label':
      return t('images.editClearLabel', { count });
    case 'put-class':
      return t('images.editPutClass', { count, name });
    case 'take-class':
      return t('images.editTakeClass', { count, name });
    case 'set-labels':
      return detail === '' ? t('images.editSetNone', { count }) : t('images.editSetLabels', { count, names: detail });
    case 'add-class':
      return t('images.editAddClass', { name });
    case 'rename-class':
      return t('images.editRenameClass', { name });
    case 'change-class':
      return t('images.editChangeClass', { name });
    case 'order-classes':
      return t('images.editOrderClasses');
    case 'merge-class':
      return t('images.editMergeClass', { name, into: detail });
    case 'delete-class':
      return t('images.editDeleteClass', { name });
    case 'set-mark':
      return t(detail === 'skip' ? 'images.editSkip' : 'images.editNotSure', { count });
    case 'clear-mark':
      return t('images.editClearMark', { count });
    case 'change-tags':
      return t('images.editTags', { count, tags: detail });
    case 'trash':
      return t('images.editTrash', { count });
    case 'restore':
      return t('images.editRestore', { count });
    case 'restore-state':
      return t('images.editRestoreState');
    case 'share-out':
      return t('images.editShareOut');
    case 'accept-labels':
      return t('images.editAcceptLabels', { count });
    case 'import-labels':
      return t('images.editImportLabels', { count });
  }
}

/** Does something and tells of its failure; null then. */
export async function attempt<Result>(app: App, run: () => Promise<Result>): Promise<Result | null> {
  try {
    return await run();
  } catch (error) {
    app.reportError(error);
    return null;
  }
}
