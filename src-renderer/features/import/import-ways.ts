import Camera from '@lucide/svelte/icons/camera';
import ClipboardPaste from '@lucide/svelte/icons/clipboard-paste';
import FileArchive from '@lucide/svelte/icons/file-archive';
import FolderCheck from '@lucide/svelte/icons/folder-check';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import FolderSync from '@lucide/svelte/icons/folder-sync';
import { importChosenFiles, importChosenFolders } from '../../actions/import-actions.ts';
import { lookForNewFiles } from '../../actions/new-files-actions.ts';
import { pasteFromMenu } from '../../actions/paste-actions.ts';
import type { App } from '../../state/app.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';
import type { MenuItem } from '../../ui/menu-item.ts';

/** All ways by which images come into a project, for menus. */
export function importWays(app: App, session: ProjectSession): readonly MenuItem[] {
  const { t } = app.i18n;
  const isDisabled = session.isReadOnly;
  const camera: MenuItem = {
    id: 'camera',
    title: t('import.wayCamera'),
    icon: Camera,
    isDisabled,
    run: () => app.router.go('images/camera'),
  };
  const otherProject: MenuItem = {
    id: 'project',
    title: t('import.wayProject'),
    icon: FolderCheck,
    isDisabled,
    run: () => app.router.go('images/import/project'),
  };
  return [
    {
      id: 'folders',
      title: t('import.wayFolders'),
      icon: FolderOpen,
      chord: 'Mod+I',
      isDisabled,
      run: () => void importChosenFolders(app, session),
    },
    {
      id: 'files',
      title: t('import.wayFiles'),
      icon: FileArchive,
      isDisabled,
      run: () => void importChosenFiles(app, session),
    },
    {
      id: 'paste',
      title: t('import.wayPaste'),
      icon: ClipboardPaste,
      chord: 'Mod+V',
      isDisabled,
      run: () => void pasteFromMenu(app, session),
    },
    ...(session.isMultiLabel ? [] : [camera, otherProject]),
    {
      id: 'new-files',
      title: t('import.wayNewFiles'),
      icon: FolderSync,
      isDisabled,
      run: () => void lookForNewFiles(app, session),
    },
  ];
}
