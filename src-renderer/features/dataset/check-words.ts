import type { CheckId, DatasetCheck } from '../../../src-shared/domain/quality.ts';
import type { MessageKey } from '../../messages/messages.ts';
import type { I18n } from '../../state/i18n.svelte.ts';
import type { Query } from '../../state/router.svelte.ts';

/** Checks of single pictures, which stand together. */
export const oddChecks: readonly CheckId[] = ['dark', 'overexposed', 'blurred', 'tiny', 'huge', 'odd-shape', 'grey'];

const titles: Readonly<Record<CheckId, MessageKey>> = {
  leaks: 'dataset.checkLeaks',
  'label-conflicts': 'dataset.checkConflicts',
  'changed-files': 'dataset.checkFiles',
  'near-copies': 'dataset.checkCopies',
  imbalance: 'dataset.checkImbalance',
  'few-images': 'dataset.checkFew',
  'similar-names': 'dataset.checkNames',
  dark: 'dataset.checkDark',
  overexposed: 'dataset.checkOverexposed',
  blurred: 'dataset.checkBlurred',
  tiny: 'dataset.checkTiny',
  huge: 'dataset.checkHuge',
  'odd-shape': 'dataset.checkShape',
  grey: 'dataset.checkGrey',
};

const fine: Readonly<Record<Exclude<CheckId, 'changed-files'>, MessageKey>> = {
  leaks: 'dataset.fineLeaks',
  'label-conflicts': 'dataset.fineConflicts',
  'near-copies': 'dataset.fineCopies',
  imbalance: 'dataset.fineImbalance',
  'few-images': 'dataset.fineFew',
  'similar-names': 'dataset.fineNames',
  dark: 'dataset.fineDark',
  overexposed: 'dataset.fineOverexposed',
  blurred: 'dataset.fineBlurred',
  tiny: 'dataset.fineTiny',
  huge: 'dataset.fineHuge',
  'odd-shape': 'dataset.fineShape',
  grey: 'dataset.fineGrey',
};

export function checkTitle({ t }: I18n, id: CheckId): string {
  return t(titles[id]);
}

/** The line of a check that found nothing. */
export function fineWords({ t }: I18n, id: Exclude<CheckId, 'changed-files'>): string {
  return t(fine[id]);
}

/** The number beside its title. */
export function checkCount({ t, number }: I18n, { id, count, facts }: DatasetCheck): string {
  switch (id) {
    case 'leaks':
    case 'label-conflicts':
    case 'near-copies':
      return t('dataset.groupCount', { count });
    case 'changed-files':
      return t('dataset.fileCount', { count });
    case 'imbalance':
      return t('dataset.ratio', { ratio: number(Number(facts.ratio), { maximumFractionDigits: 1 }) });
    case 'few-images':
    case 'similar-names':
      return t('dataset.classCount', { count });
    default:
      return t('dataset.imageCount', { count });
  }
}

/** What it means, in a sentence; null where the pictures say it. */
export function checkText({ t }: I18n, { id, facts }: DatasetCheck): string | null {
  switch (id) {
    case 'leaks':
      return t('dataset.textLeaks');
    case 'label-conflicts':
      return t('dataset.textConflicts');
    case 'changed-files':
      return t('dataset.textFiles');
    case 'near-copies':
      return t('dataset.textCopies', { count: Number(facts.images) });
    case 'imbalance':
      return t('dataset.textImbalance', facts);
    case 'few-images':
      return t('dataset.textFew', facts);
    case 'similar-names':
      return t('dataset.textNames', facts);
    default:
      return null;
  }
}

/** Where one sees all that a check found. */
export function checkPlace({ id }: DatasetCheck): { readonly path: string; readonly query: Query } {
  switch (id) {
    case 'leaks':
      return { path: 'dataset/groups', query: { only: 'leaks' } };
    case 'label-conflicts':
      return { path: 'dataset/groups', query: { kind: 'near', only: 'conflicts' } };
    case 'near-copies':
      return { path: 'dataset/groups', query: { kind: 'near', only: 'open' } };
    default:
      return { path: `dataset/checks/${id}`, query: {} };
  }
}
