import Redo2 from '@lucide/svelte/icons/redo-2';
import Undo2 from '@lucide/svelte/icons/undo-2';
import { sectionsOf } from '../shell/pages.ts';
import type { Action } from '../state/action-registry.svelte.ts';
import type { App } from '../state/app.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';
import { redo, undo } from './dataset-actions.ts';

/** What can be done in every page of a project. */
export function frameActions(app: App, session: ProjectSession): readonly Action[] {
  const { t } = app.i18n;
  const { dataset, isReadOnly } = session;
  const group = t('shell.groupApp');
  return [
    ...sectionsOf(session.project.labelling)
      .filter(({ id }) => id !== 'settings')
      .map(({ id, path, title, icon }, index): Action => ({
        id: `go.${id}`,
        title: t(title),
        group: t('shell.groupGo'),
        keys: [`Alt+${String(index + 1)}`],
        icon,
        run: () => app.router.go(path),
      })),
    {
      id: 'dataset.undo',
      title: t('shell.undo'),
      group,
      keys: ['Mod+Z'],
      icon: Undo2,
      isEnabled: dataset.current.undo !== null && !isReadOnly,
      run: () => void undo(app, session),
    },
    {
      id: 'dataset.redo',
      title: t('shell.redo'),
      group,
      keys: ['Mod+Shift+Z', 'Mod+Y'],
      icon: Redo2,
      isEnabled: dataset.current.redo !== null && !isReadOnly,
      run: () => void redo(app, session),
    },
  ];
}
