import CircleSlash from '@lucide/svelte/icons/circle-slash';
import Eraser from '@lucide/svelte/icons/eraser';
import FileOutput from '@lucide/svelte/icons/file-output';
import Import from '@lucide/svelte/icons/import';
import Repeat from '@lucide/svelte/icons/repeat';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import SkipForward from '@lucide/svelte/icons/skip-forward';
import Square from '@lucide/svelte/icons/square';
import Tag from '@lucide/svelte/icons/tag';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import { setLabel } from '../../actions/dataset-actions.ts';
import { importChosenFolders } from '../../actions/import-actions.ts';
import { clearLabels, setNone, toggleClass } from '../multi-label/label-set-actions.ts';
import { markActions } from '../labelling/mark-actions.ts';
import type { Action } from '../../state/action-registry.svelte.ts';
import type { App } from '../../state/app.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';

/** Gives the images that the keys mean a class; in a multi-label project puts it on or takes it off. */
export async function labelTargets(app: App, session: ProjectSession, classId: ClassId | null): Promise<void> {
  const { view } = session;
  if (session.isMultiLabel) {
    await (classId === null ? clearLabels(app, session) : toggleClass(app, session, classId));
    return;
  }
  const set = (): Promise<void> => setLabel(app, session, view.targetRows, classId);
  await (classId === null ? set() : view.goingOn.after(view, set));
}

/**
 * The next image without a label after this one, around the end: those that are not sure come last, skipped ones never.
 * Undefined when there is none.
 */
export function nextUnlabelled({ view, dataset }: ProjectSession): ImageId | undefined {
  const { mark } = dataset.table.columns;
  const label = dataset.labelColumn;
  const [noLabel, noMark, skip] = [label.codeOf(null), mark.codeOf(null), mark.codeOf('skip')];
  const start = view.placeOf(view.focused) + 1;
  const find = (isOpen: (row: number) => boolean): ImageId | undefined => {
    const after = view.rows.subarray(start).findIndex(isOpen);
    return view.idAt(after === -1 ? view.rows.findIndex(isOpen) : start + after);
  };
  const isUntouched = (row: number): boolean => label.codeAt(row) === noLabel && mark.codeAt(row) === noMark;
  const isOpen = (row: number): boolean => label.codeAt(row) === noLabel && mark.codeAt(row) !== skip;
  return find(isUntouched) ?? find(isOpen);
}

/** What keys and palette can do to the images that are meant, in the grid and in the one-image view. */
export function labelActions(app: App, session: ProjectSession, show: (id: ImageId) => void): readonly Action[] {
  const { t } = app.i18n;
  const { view, dataset, isReadOnly } = session;
  const group = t('images.images');
  const isEnabled = !isReadOnly && view.targetRows.length > 0;
  const last = view.keys.last === null ? undefined : dataset.classById.get(view.keys.last);
  return [
    ...dataset.classes.map((one): Action => {
      const key = view.keys.keyOf(one.id);
      return {
        id: `images.setClass.${one.id}`,
        title: t(session.isMultiLabel ? 'multi.toggleClass' : 'images.setClass', { name: one.name }),
        group,
        ...(key === null ? {} : { keys: [key] }),
        icon: Tag,
        isEnabled,
        run: () => void labelTargets(app, session, one.id),
      };
    }),
    ...clearActions(app, session, isEnabled),
    {
      id: 'images.repeat',
      title: last ? t('images.repeatNamed', { name: last.name }) : t('images.repeat'),
      group,
      keys: ['R'],
      icon: Repeat,
      isEnabled: isEnabled && last !== undefined,
      run: () => last && void labelTargets(app, session, last.id),
    },
    {
      id: 'images.nextUnlabelled',
      title: t('images.nextUnlabelled'),
      group,
      keys: ['U'],
      icon: SkipForward,
      run: () => {
        const next = nextUnlabelled(session);
        if (next !== undefined) show(next);
        else app.toasts.show(t('images.allLabelled'));
      },
    },
    ...markActions(app, session),
    {
      id: 'images.similar',
      title: t('model.showSimilar'),
      group,
      keys: ['L'],
      icon: ScanSearch,
      isEnabled: session.model.hasFeatures && view.targetRows.length === 1,
      run: () => showSimilar(app, session),
    },
    {
      id: 'images.exportLabels',
      title: t('images.exportLabels'),
      group,
      icon: FileOutput,
      isEnabled: dataset.current.revision > 0,
      run: () => app.dialogs.open({ kind: 'export-labels' }),
    },
    {
      id: 'images.import',
      title: t('images.import'),
      group,
      keys: ['Mod+I'],
      icon: Import,
      isEnabled: !isReadOnly,
      run: () => void importChosenFolders(app, session),
    },
  ];
}

/** The grid with all images, those that are most like the one that is meant first. */
function showSimilar(app: App, { view, dataset }: ProjectSession): void {
  const [row] = view.targetRows;
  if (row === undefined) return;
  view.showSimilar(dataset.table.idAt(row));
  if (app.router.place.path !== 'images') app.router.go('images', view.query);
}

/** Ways to say that no class applies: in a multi-label project none of them is another thing than not being labelled. */
function clearActions(app: App, session: ProjectSession, isEnabled: boolean): readonly Action[] {
  const { t } = app.i18n;
  const { isMultiLabel } = session;
  const group = t('images.images');
  const clear: Action = {
    id: 'images.clearLabel',
    title: t(isMultiLabel ? 'multi.clearLabels' : 'images.clearLabel'),
    group,
    ...(isMultiLabel ? {} : { keys: ['0'] }),
    icon: Eraser,
    isEnabled,
    run: () => void labelTargets(app, session, null),
  };
  if (!isMultiLabel) return [clear];
  const none: Action = {
    ...{ id: 'images.setNone', title: t('images.noneOfThem'), group, keys: ['0'], icon: CircleSlash, isEnabled },
    run: () => void setNone(app, session),
  };
  return [none, clear];
}

/** What only the grid does. */
export function gridActions(app: App, session: ProjectSession): readonly Action[] {
  const { t } = app.i18n;
  const { view } = session;
  const group = t('images.images');
  const openOne = (): void => {
    const id = view.focused ?? view.idAt(0);
    if (id !== undefined) app.router.go(`images/one/${id}`, view.query);
  };
  return [
    {
      id: 'images.openOne',
      title: t('images.openOne'),
      group,
      icon: Square,
      isEnabled: view.rows.length > 0,
      run: openOne,
    },
    { id: 'images.selectAll', title: t('images.selectAll'), group, keys: ['Mod+A'], run: () => view.selectAll() },
    {
      id: 'images.selectNone',
      title: t('images.selectNone'),
      group,
      keys: ['Escape'],
      isEnabled: view.selected.size > 0,
      run: () => view.selected.clear(),
    },
    {
      id: 'images.inspector',
      title: t('images.toggleInspector'),
      group,
      keys: ['I'],
      run: () => view.toggleInspector(),
    },
    {
      id: 'images.findClass',
      title: t('images.findClass'),
      group,
      keys: ['/'],
      isEnabled: view.targetRows.length > 0 && !session.isReadOnly,
      run: () => {
        if (!view.hasInspector) view.toggleInspector();
        view.typed = '';
      },
    },
    { id: 'images.zoomIn', title: t('images.zoomIn'), group, keys: ['+', '='], run: () => zoom(session, 1) },
    { id: 'images.zoomOut', title: t('images.zoomOut'), group, keys: ['-'], run: () => zoom(session, -1) },
  ];
}

export const cellSizes = { minPx: 64, maxPx: 256, stepPx: 2 };

function zoom({ view }: ProjectSession, direction: 1 | -1): void {
  const next = Math.round(view.cellSizePx * (direction === 1 ? 1.2 : 1 / 1.2));
  view.setCellSize(Math.min(cellSizes.maxPx, Math.max(cellSizes.minPx, next)));
}
