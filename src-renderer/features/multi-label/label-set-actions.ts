import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { attempt, offerUndo } from '../../actions/dataset-actions.ts';
import type { App } from '../../state/app.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';
import { classChoicesOf, countInRows, labelTextOf } from '../../state/table/label-sets.ts';

/** Puts a class on the images that are meant; takes it off when all of them have it. */
export async function toggleClass(app: App, session: ProjectSession, classId: ClassId): Promise<void> {
  const { dataset, view } = session;
  const rows = view.targetRows;
  view.keys.use(classId);
  if (rows.length === 0 || session.isReadOnly) return;
  const { labels } = dataset.table.columns;
  const isOn = (countInRows(labels, rows).get(classId) ?? 0) < rows.length;
  const changing = rows.filter((row) => classChoicesOf(labels.at(row)).includes(classId) !== isOn);
  const name = dataset.classById.get(classId)?.name ?? '';
  await attempt(app, async () => {
    await dataset.putClass(changing, classId, isOn);
    offerUndo(app, session, app.i18n.t(isOn ? 'multi.putOn' : 'multi.takenOff', { name, count: changing.length }));
  });
}

/** Says of the images that are meant that they have none of the classes. */
export async function setNone(app: App, session: ProjectSession): Promise<void> {
  await setLabels(app, session, []);
}

/** Takes all labels of the images that are meant away: they are not labelled any more. */
export async function clearLabels(app: App, session: ProjectSession): Promise<void> {
  await setLabels(app, session, null);
}

async function setLabels(app: App, session: ProjectSession, classIds: readonly ClassId[] | null): Promise<void> {
  const { dataset, view, isReadOnly } = session;
  const { labels } = dataset.table.columns;
  const wanted = labels.codeOf(labelTextOf(classIds));
  const changing = view.targetRows.filter((row) => labels.codeAt(row) !== wanted);
  if (changing.length === 0 || isReadOnly) return;
  await attempt(app, async () => {
    await dataset.setLabels(changing, classIds);
    const key = classIds === null ? 'images.labelCleared' : 'multi.setNone';
    offerUndo(app, session, app.i18n.t(key, { count: changing.length }));
  });
}
