import type { ImageClass, SuggestedLabel } from '../../src-shared/domain/suggestion.ts';
import type { App } from '../state/app.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';
import { undo } from './dataset-actions.ts';

/** Gives images the classes that were suggested for them, and offers undo. */
export async function acceptSuggestions(
  app: App,
  session: ProjectSession,
  suggestions: readonly SuggestedLabel[],
): Promise<void> {
  if (session.isReadOnly || suggestions.length === 0) return;
  await report(app, async () => {
    const count = await session.suggestions.accept(suggestions);
    const [only] = suggestions;
    const name = suggestions.length === 1 && only ? session.dataset.classById.get(only.classId)?.name : undefined;
    offerUndo(
      app,
      session,
      name === undefined ? app.i18n.t('suggest.accepted', { count }) : app.i18n.t('images.labelSet', { count, name }),
    );
  });
}

/** Accepts every suggestion from a confidence on, as previewed. */
export async function acceptAbove(
  app: App,
  session: ProjectSession,
  { threshold, version }: { readonly threshold: number; readonly version: number },
): Promise<void> {
  await report(app, async () => {
    const count = await session.suggestions.acceptAbove(threshold, version);
    offerUndo(app, session, app.i18n.t('suggest.accepted', { count }));
  });
}

/** Does not suggest these classes for these images again. */
export async function refuseSuggestions(
  app: App,
  session: ProjectSession,
  items: readonly ImageClass[],
): Promise<void> {
  if (session.isReadOnly || items.length === 0) return;
  await report(app, async () => {
    await session.suggestions.refuse(items, true);
    const [first] = items;
    const name = first ? (session.dataset.classById.get(first.classId)?.name ?? '') : '';
    app.toasts.show(app.i18n.t('suggest.refused', { name }), {
      action: {
        label: app.i18n.t('shell.undo'),
        run: () => void report(app, () => session.suggestions.refuse(items, false)),
      },
    });
  });
}

/** These labels are right: they are not suspected any more. */
export async function confirmLabels(app: App, session: ProjectSession, items: readonly ImageClass[]): Promise<void> {
  if (session.isReadOnly || items.length === 0) return;
  await report(app, async () => {
    await session.suggestions.confirm(items, true);
    const [first] = items;
    const name = first ? (session.dataset.classById.get(first.classId)?.name ?? '') : '';
    app.toasts.show(app.i18n.t('suggest.confirmed', { name }), {
      action: {
        label: app.i18n.t('shell.undo'),
        run: () => void report(app, () => session.suggestions.confirm(items, false)),
      },
    });
  });
}

/** What a button of suggestions does; an error is told. */
export async function report(app: App, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    app.reportError(error);
  }
}

function offerUndo(app: App, session: ProjectSession, text: string): void {
  app.toasts.show(text, {
    action: { label: app.i18n.t('shell.undo'), keys: ['Mod+Z'], run: () => void undo(app, session) },
  });
}
