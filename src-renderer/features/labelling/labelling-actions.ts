import type { ClassChange } from '../../../src-shared/domain/class-details.ts';
import type { ImageMark } from '../../../src-shared/domain/image-mark.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import { attempt, offerUndo } from '../../actions/dataset-actions.ts';
import type { App } from '../../state/app.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';

/** Marks the images that are meant; takes the mark away when all of them have it. */
export async function toggleMark(app: App, session: ProjectSession, mark: ImageMark): Promise<void> {
  const { dataset, view } = session;
  const rows = view.targetRows;
  const { mark: marks } = dataset.table.columns;
  const isOn = rows.every((row) => marks.at(row) === mark);
  const next = isOn ? null : mark;
  const changing = isOn ? rows : rows.filter((row) => marks.at(row) !== mark);
  if (changing.length === 0 || session.isReadOnly) return;
  await attempt(app, async () => {
    await dataset.setMark(changing, next);
    const count = changing.length;
    const key = next === null ? 'labelling.unmarked' : next === 'skip' ? 'labelling.skipped' : 'labelling.unsure';
    offerUndo(app, session, app.i18n.t(key, { count }));
  });
}

/** Moves the images that are meant to the trash. */
export async function trashTargets(app: App, session: ProjectSession): Promise<void> {
  const imageIds = targetIds(session);
  if (imageIds.length === 0 || session.isReadOnly) return;
  await attempt(app, async () => {
    await session.dataset.change((client, projectId) => client.call('dataset.trash', { projectId, imageIds }));
    session.view.selected.clear();
    offerUndo(app, session, app.i18n.t('labelling.trashed', { count: imageIds.length }));
  });
}

export async function restoreImages(app: App, session: ProjectSession, imageIds: ImageId[]): Promise<void> {
  await attempt(app, async () => {
    await session.dataset.change((client, projectId) => client.call('dataset.restore', { projectId, imageIds }));
    offerUndo(app, session, app.i18n.t('labelling.restored', { count: imageIds.length }));
  });
}

/** Asks first: there is no way back. */
export async function emptyTrash(app: App, session: ProjectSession, count: number): Promise<void> {
  const { t } = app.i18n;
  const isSure = await app.dialogs.ask({
    title: t('labelling.emptyTitle', { count }),
    text: t('labelling.emptyText'),
    confirmLabel: t('labelling.emptyDo', { count }),
    isDangerous: true,
  });
  if (!isSure) return;
  await attempt(app, async () => {
    const { deleted, freedBytes } = await session.dataset.change((client, projectId) =>
      client.call('dataset.emptyTrash', { projectId }),
    );
    app.toasts.show(t('labelling.emptied', { count: deleted, size: app.i18n.bytes(freedBytes) }));
  });
}

/** Puts tags on the images that are meant, or takes them off. */
export async function changeTags(
  app: App,
  session: ProjectSession,
  { add = [], remove = [] }: { readonly add?: string[]; readonly remove?: string[] },
): Promise<void> {
  const imageIds = targetIds(session);
  await attempt(app, async () => {
    await session.dataset.change((client, projectId) =>
      client.call('dataset.changeTags', { projectId, imageIds, add, remove }),
    );
  });
}

/** Brings an image back to how it was after an edit, or after its import (null). */
export async function restoreState(
  app: App,
  session: ProjectSession,
  imageId: ImageId,
  edit: number | null,
): Promise<void> {
  await attempt(app, async () => {
    await session.dataset.change((client, projectId) =>
      client.call('dataset.restoreState', { projectId, imageId, edit }),
    );
    offerUndo(app, session, app.i18n.t('labelling.stateRestored'));
  });
}

export async function changeClass(
  app: App,
  session: ProjectSession,
  classId: ClassId,
  change: ClassChange,
): Promise<void> {
  const name = change.name ?? session.dataset.classById.get(classId)?.name ?? '';
  await attempt(app, async () => {
    await session.dataset.change((client, projectId) =>
      client.call('dataset.changeClass', { projectId, classId, change }),
    );
    offerUndo(app, session, app.i18n.t('labelling.classChanged', { name }));
  });
}

export async function mergeClass(app: App, session: ProjectSession, classId: ClassId, into: ClassId): Promise<void> {
  const nameOf = (id: ClassId): string => session.dataset.classById.get(id)?.name ?? '';
  const words = { name: nameOf(classId), into: nameOf(into), count: session.dataset.counts.byClass.get(classId) ?? 0 };
  await attempt(app, async () => {
    await session.dataset.change((client, projectId) =>
      client.call('dataset.mergeClass', { projectId, classId, into }),
    );
    offerUndo(app, session, app.i18n.t('labelling.classMerged', words));
  });
}

/** Moves a class one place up or down in the list. */
export async function moveClass(app: App, session: ProjectSession, classId: ClassId, step: 1 | -1): Promise<void> {
  const ids = session.dataset.classes.map(({ id }) => id);
  const from = ids.indexOf(classId);
  const other = ids[from + step];
  if (other === undefined) return;
  const classIds = ids.with(from, other).with(from + step, classId);
  await attempt(app, async () => {
    await session.dataset.change((client, projectId) => client.call('dataset.orderClasses', { projectId, classIds }));
  });
}

function targetIds({ dataset, view }: ProjectSession): ImageId[] {
  return Array.from(view.targetRows, (row) => dataset.table.idAt(row));
}
