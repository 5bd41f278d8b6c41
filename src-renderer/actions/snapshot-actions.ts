import type { SnapshotId } from '../../src-shared/domain/ids.ts';
import type { App } from '../state/app.svelte.ts';
import type { SnapshotList } from '../state/snapshot-list.svelte.ts';

/** Keeps the present state of the project. */
export async function takeSnapshot(app: App, snapshots: SnapshotList): Promise<void> {
  try {
    await snapshots.take();
    app.toasts.show(app.i18n.t('snapshot.kept'));
  } catch (error) {
    app.reportError(error);
  }
}

/** Puts an earlier state back and offers to undo that, by putting back what it replaced. */
export async function restoreSnapshot(
  app: App,
  snapshots: SnapshotList,
  id: SnapshotId,
  onrestored?: () => void,
): Promise<void> {
  const time = app.i18n.clock(snapshots.items?.find((one) => one.id === id)?.at ?? new Date().toISOString());
  try {
    const kept = await snapshots.restore(id);
    const undo = kept && {
      action: { label: app.i18n.t('shell.undo'), run: () => void restoreSnapshot(app, snapshots, kept, onrestored) },
    };
    app.toasts.show(app.i18n.t('snapshot.restored', { time }), undo ?? {});
    onrestored?.();
  } catch (error) {
    app.reportError(error);
  }
}
