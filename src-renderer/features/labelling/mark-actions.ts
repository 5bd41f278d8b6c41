import Ban from '@lucide/svelte/icons/ban';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import Trash from '@lucide/svelte/icons/trash';
import type { Action } from '../../state/action-registry.svelte.ts';
import type { App } from '../../state/app.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';
import { toggleMark, trashTargets } from './labelling-actions.ts';

/** What keys and palette can do to the images that are meant besides giving them a class. Skipping has a key where one image is shown. */
export function markActions(app: App, session: ProjectSession): readonly Action[] {
  const { t } = app.i18n;
  const { view, isReadOnly } = session;
  const group = t('images.images');
  const isEnabled = !isReadOnly && view.targetRows.length > 0;
  return [
    {
      id: 'images.notSure',
      title: t('labelling.notSure'),
      group,
      keys: ['N'],
      icon: CircleHelp,
      isEnabled,
      run: () => void view.goingOn.after(view, () => toggleMark(app, session, 'unsure')),
    },
    {
      id: 'images.skip',
      title: t('labelling.skip'),
      group,
      ...(app.router.place.path.startsWith('images/one/') ? { keys: ['S'] } : {}),
      icon: Ban,
      isEnabled,
      run: () => void view.goingOn.after(view, () => toggleMark(app, session, 'skip')),
    },
    {
      id: 'images.trash',
      title: t('labelling.toTrash'),
      group,
      keys: ['Delete'],
      icon: Trash,
      isEnabled,
      run: () => void view.goingOn.after(view, () => trashTargets(app, session), 'always'),
    },
  ];
}
