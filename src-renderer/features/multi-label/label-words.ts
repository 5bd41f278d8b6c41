import type { ClassId } from '../../../src-shared/domain/ids.ts';
import type { DatasetState } from '../../state/dataset-state.svelte.ts';
import type { I18n } from '../../state/i18n.svelte.ts';

/** The labels of an image as words, in the order of the classes: “Car, Tree”, “None of the classes”, or “Not labelled”. */
export function wordLabels(
  t: I18n['t'],
  { classes }: Pick<DatasetState, 'classes'>,
  classIds: readonly ClassId[] | null,
): string {
  if (classIds === null) return t('images.notLabelled');
  if (classIds.length === 0) return t('images.noneOfThem');
  return classes
    .filter(({ id }) => classIds.includes(id))
    .map(({ name }) => name)
    .join(t('images.comma'));
}
