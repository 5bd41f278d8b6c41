import type { App, MediaAccessPermissionRequest, Session, WebContents } from 'electron';
import { isAppUrl } from './app-origin.ts';

/**
 * Refuses every permission, asked for or checked, and every device, but one: the pictures of a camera, without sound, for our own page
 * itself, which takes images with it. Electron's default grants.
 */
export function limitPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(permission === 'media' && wantsOnlyVideo(details) && details.isMainFrame && isAppUrl(details.requestingUrl)),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin, { mediaType, isMainFrame, securityOrigin }) =>
      permission === 'media' &&
      mediaType === 'video' &&
      isMainFrame &&
      isAppUrl(origin) &&
      (securityOrigin === undefined || isAppUrl(securityOrigin)),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
}

function wantsOnlyVideo(details: object): details is MediaAccessPermissionRequest {
  const types = 'mediaTypes' in details ? details.mediaTypes : undefined;
  return Array.isArray(types) && types.length === 1 && types[0] === 'video';
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
