import type { App } from '../state/app.svelte.ts';

/**
 * Keeps the window open while something in it is not saved, and saves that at once; the returned function stops.
 *
 * A browser then asks by itself whether to leave. Electron does not: the window closes once all is saved, else the page asks.
 */
export function guardClosing(app: App): () => void {
  const { t } = app.i18n;
  let isLeft = false;

  async function leave(): Promise<void> {
    await app.unsaved.saveAll();
    isLeft =
      app.unsaved.areNone ||
      (await app.dialogs.ask({
        title: t('shell.closeUnsaved'),
        text: t('shell.closeUnsavedText'),
        confirmLabel: t('shell.closeAnyway'),
        isDangerous: true,
      }));
    if (isLeft) close();
  }

  function hold(event: BeforeUnloadEvent): void {
    if (isLeft || app.unsaved.areNone) return;
    event.preventDefault();
    if (app.host.kind === 'electron') void leave();
    else void app.unsaved.saveAll();
  }

  addEventListener('beforeunload', hold);
  return () => removeEventListener('beforeunload', hold);
}
