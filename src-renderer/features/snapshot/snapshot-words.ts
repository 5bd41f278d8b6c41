import type { SnapshotDifference, SnapshotReason } from '../../../src-shared/domain/snapshot.ts';
import type { MessageKey } from '../../messages/messages.ts';
import type { I18n } from '../../state/i18n.svelte.ts';

export const reasonWords: Readonly<Record<SnapshotReason, MessageKey>> = {
  opened: 'snapshot.opened',
  changed: 'snapshot.changed',
  restoring: 'snapshot.restoring',
  asked: 'snapshot.asked',
};

/** What happened since a snapshot, in words. */
export function sinceWords({ t }: I18n, since: SnapshotDifference | null): string {
  if (since === null) return t('snapshot.unknown');
  const words = [
    ...(since.labelsChanged > 0 ? [t('snapshot.labelsChanged', { count: since.labelsChanged })] : []),
    ...(since.imagesAdded > 0 ? [t('snapshot.imagesAdded', { count: since.imagesAdded })] : []),
    ...(since.imagesGone > 0 ? [t('snapshot.imagesGone', { count: since.imagesGone })] : []),
  ];
  return words.length === 0 ? t('snapshot.nothing') : words.join(t('snapshot.separator'));
}
