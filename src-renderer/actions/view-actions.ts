import type { SavedView } from '../../src-shared/domain/saved-view.ts';
import type { App } from '../state/app.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';

/** Keeps what the images page shows under a name. */
export async function saveView(app: App, { view, views }: ProjectSession, name: string): Promise<void> {
  await views
    .save({ name, query: definedOf(view.query), cellSizePx: view.cellSizePx })
    .then(() => app.toasts.show(app.i18n.t('images.viewSaved', { name })))
    .catch(app.reportError);
}

/** Shows what a view asks for, and nothing else. */
export function showView({ view }: ProjectSession, saved: SavedView): void {
  view.show(saved.query);
  view.setCellSize(saved.cellSizePx);
}

/** True when the page shows just what a view asks for. */
export function isShown({ view }: ProjectSession, saved: SavedView): boolean {
  const asked = Object.entries(definedOf(view.query));
  return (
    asked.length === Object.keys(saved.query).length && asked.every(([name, value]) => saved.query[name] === value)
  );
}

/** Offers to bring it back. */
export async function deleteView(app: App, { views }: ProjectSession, saved: SavedView): Promise<void> {
  const undo = { label: app.i18n.t('shell.undo'), run: () => void views.save(saved).catch(app.reportError) };
  await views
    .delete(saved.name)
    .then(() => app.toasts.show(app.i18n.t('images.viewDeleted', { name: saved.name }), { action: undo }))
    .catch(app.reportError);
}

function definedOf(query: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
