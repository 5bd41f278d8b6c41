import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { App } from '../state/app.svelte.ts';
import { ProjectSession } from '../state/project-session.svelte.ts';

/** Opens a project for the page; the returned function lets go of it. */
export function openSession(app: App, projectId: ProjectId, fail: (error: unknown) => void): () => void {
  let isWanted = true;
  let stop: (() => void) | undefined;
  app.client.call('project.open', { projectId }).then(
    (project) => {
      if (!isWanted) return;
      const session = new ProjectSession(project, {
        client: app.client,
        router: app.router,
        i18n: app.i18n,
        report: app.reportError,
        unsaved: app.unsaved,
        toasts: app.toasts,
      });
      stop = session.start();
      app.session = session;
    },
    (error: unknown) => {
      if (isWanted) fail(error);
    },
  );
  return () => {
    isWanted = false;
    stop?.();
    app.session = null;
  };
}
