import type { App, Session, WebContents } from 'electron';
import { isAppUrl } from './app-origin.ts';

/** Refuses every permission, asked for or checked, and every device: the page needs none. Electron's default grants. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
}

/** Keeps every page that ever appears where it is: no navigation elsewhere, no new windows, no webviews. */
export function guardAllContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
}

function guardContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void; readonly url: string }): void => {
    if (!isAppUrl(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // Graft links to nothing outside, so there is no address that it would hand to the system's browser either.
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
