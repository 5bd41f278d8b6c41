import type { ImageId } from '../../src-shared/domain/ids.ts';
import type { FrozenTest, SplitRules } from '../../src-shared/domain/quality.ts';
import type { App } from '../state/app.svelte.ts';
import type { ProjectSession } from '../state/project-session.svelte.ts';
import { undo } from './dataset-actions.ts';

/** Brings groups that are in several splits into one each, and offers undo. */
export async function mendLeaks(app: App, session: ProjectSession): Promise<void> {
  await report(app, async () => {
    const { moved } = await app.client.call('quality.mendLeaks', { projectId: session.id });
    if (moved === 0) {
      app.toasts.show(app.i18n.t('dataset.mendedNone'));
      return;
    }
    await session.dataset.load();
    app.toasts.show(app.i18n.t('dataset.mended', { count: moved }), {
      action: { label: app.i18n.t('shell.undo'), keys: ['Mod+Z'], run: () => void undo(app, session) },
    });
  });
}

export async function saveRules(app: App, session: ProjectSession, rules: SplitRules): Promise<void> {
  await report(app, () => app.client.call('quality.setRules', { projectId: session.id, rules }));
}

/** Takes a group of copies off the list of those to look at, and offers to bring it back. */
export async function keepCopies(app: App, session: ProjectSession, imageIds: readonly ImageId[]): Promise<void> {
  const change = (isKept: boolean): Promise<unknown> =>
    app.client.call('quality.keepCopies', { projectId: session.id, imageIds: [...imageIds], isKept });
  await report(app, async () => {
    await change(true);
    app.toasts.show(app.i18n.t('dataset.copiesKept', { count: imageIds.length }), {
      action: { label: app.i18n.t('shell.undo'), run: () => void report(app, () => change(false)) },
    });
  });
}

/** Moves copies to the trash, and offers undo. */
export async function trashCopies(app: App, session: ProjectSession, imageIds: readonly ImageId[]): Promise<void> {
  await report(app, async () => {
    await app.client.call('dataset.trash', { projectId: session.id, imageIds: [...imageIds] });
    await session.dataset.load();
    app.toasts.show(app.i18n.t('dataset.copiesTrashed', { count: imageIds.length }), {
      action: { label: app.i18n.t('shell.undo'), keys: ['Mod+Z'], run: () => void undo(app, session) },
    });
  });
}

export async function scanPictures(app: App, session: ProjectSession, what: 'start' | 'pause' | 'stop'): Promise<void> {
  await report(app, () => app.client.call('quality.scan', { projectId: session.id, what }));
}

export async function checkFiles(app: App, session: ProjectSession, what: 'start' | 'stop'): Promise<void> {
  await report(app, () => app.client.call('quality.checkFiles', { projectId: session.id, what }));
}

export async function leaveOut(
  app: App,
  session: ProjectSession,
  imageIds: readonly ImageId[],
  isLeftOut: boolean,
): Promise<void> {
  await report(app, () =>
    app.client.call('quality.leaveOut', { projectId: session.id, imageIds: [...imageIds], isLeftOut }),
  );
}

export async function freezeTest(app: App, session: ProjectSession): Promise<void> {
  await report(app, async () => {
    const { imageCount } = await app.client.call('quality.freezeTest', { projectId: session.id });
    app.toasts.show(app.i18n.t('dataset.testFrozen', { count: imageCount }));
  });
}

/** Asks first: what runs were judged on cannot be brought back by freezing again. */
export async function unfreezeTest(app: App, session: ProjectSession): Promise<void> {
  const { t } = app.i18n;
  const isSure = await app.dialogs.ask({
    title: t('dataset.unfreezeTitle'),
    text: t('dataset.unfreezeText'),
    confirmLabel: t('dataset.unfreeze'),
  });
  if (isSure) await report(app, () => app.client.call('quality.unfreezeTest', { projectId: session.id }));
}

/** Warns whenever a change touches the frozen test set, wherever it was made; returns the function that stops. */
export function watchFrozenTest(app: App, session: ProjectSession): () => void {
  let known: FrozenTest | null = null;
  let isFirst = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    const { frozenTest } = await app.client.call('quality.getFrozenTest', { projectId: session.id });
    const before = known;
    known = frozenTest;
    // One that was frozen since the last look began untouched.
    const base = before?.hash === frozenTest?.hash ? touches(before) : 0;
    const news = isFirst ? 0 : touches(frozenTest) - base;
    isFirst = false;
    if (news <= 0) return;
    app.toasts.show(app.i18n.t('dataset.testTouched', { count: news }), {
      action: { label: app.i18n.t('shell.undo'), keys: ['Mod+Z'], run: () => void undo(app, session) },
    });
  };
  const lookSoon = (): void => {
    clearTimeout(timer);
    // After the toast of the change itself, whose place this one takes.
    timer = setTimeout(() => void look().catch(app.reportError), 300);
  };
  const stops = (['dataset.changed', 'quality.changed'] as const).map((name) =>
    app.client.on(name, ({ projectId }) => {
      if (projectId === session.id) lookSoon();
    }),
  );
  void look().catch(app.reportError);
  return () => {
    clearTimeout(timer);
    stops.forEach((stop) => stop());
  };
}

function touches(frozen: FrozenTest | null): number {
  return frozen ? frozen.relabelled + frozen.joined + frozen.left : 0;
}

async function report(app: App, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    app.reportError(error);
  }
}
