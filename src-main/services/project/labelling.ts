import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Labelling } from '../../../src-shared/domain/labelling.ts';
import { say, type NamedSentence } from '../../../src-shared/domain/sentence.ts';

/** Throws AppError 'unsupported' in a project of the other kind, saying what is done there instead. */
export function assertLabelling({ labelling }: { readonly labelling: Labelling }, wanted: Labelling): void {
  if (labelling === wanted) return;
  throw new AppError('unsupported', say(wanted === 'single-label' ? 'labelsAreSeveral' : 'labelIsOne'));
}

/** Throws AppError 'unsupported' for what a multi-label project does not have. */
export function refuseInMultiLabel(
  { labelling }: { readonly labelling?: Labelling | undefined },
  what: NamedSentence,
): void {
  if (labelling !== 'multi-label') return;
  throw new AppError('unsupported', say('notInMultiLabel', { what }));
}
