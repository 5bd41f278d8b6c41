import { Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * The system's menu. Only macOS needs one, for its clipboard keys; everywhere else the page has all commands.
 *
 * There is no Undo in it: it would take ⌘Z away from the page, where it undoes labels.
 */
export function menuTemplate(platform: NodeJS.Platform): MenuItemConstructorOptions[] | null {
  if (platform !== 'darwin') return null;
  return [
    { role: 'appMenu' },
    { role: 'editMenu', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }] },
    { role: 'windowMenu' },
  ];
}

/** Sets the system's menu. */
export function setUpMenu(platform: NodeJS.Platform): void {
  const template = menuTemplate(platform);
  Menu.setApplicationMenu(template === null ? null : Menu.buildFromTemplate(template));
}
