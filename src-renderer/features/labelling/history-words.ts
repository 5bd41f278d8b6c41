import type { HistoryClass, ImageChange } from '../../../src-shared/domain/image-history.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { I18n } from '../../state/i18n.svelte.ts';

/** One change of an image in words, such as “No label → Pear”. */
export function wordChange(t: I18n['t'], change: ImageChange): string {
  const fromTo = (from: string | null, to: string): string => (from === null ? to : `${from} → ${to}`);
  switch (change.what) {
    case 'class': {
      const none = t('images.noLabel');
      return fromTo(change.from?.name ?? none, change.to?.name ?? none);
    }
    case 'labels':
      return fromTo(nameClasses(t, change.from), nameClasses(t, change.to));
    case 'split':
      return fromTo(change.from && t(`images.${change.from}`), t(`images.${change.to}`));
    case 'mark': {
      const name = (mark: 'skip' | 'unsure' | null): string =>
        t(mark === null ? 'labelling.noMark' : mark === 'skip' ? 'labelling.isSkipped' : 'labelling.isUnsure');
      return fromTo(name(change.from), name(change.to));
    }
    case 'tag':
      return t(change.isAdded ? 'labelling.tagAdded' : 'labelling.tagRemoved', { tag: change.tag });
    case 'trash':
      return t(change.isIn ? 'labelling.wentToTrash' : 'labelling.cameFromTrash');
    default:
      return assertNever(change, 'change');
  }
}

function nameClasses(t: I18n['t'], classes: readonly HistoryClass[] | null): string {
  if (classes === null) return t('images.notLabelled');
  return classes.length === 0 ? t('images.noneOfThem') : classes.map(({ name }) => name).join(' + ');
}
