import { AppError } from '../../src-shared/contract/app-error.ts';
import type { I18n } from './i18n.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import type { UnsavedChanges } from './unsaved-changes.svelte.ts';

export type ReportError = (error: unknown) => void;

/** The sentence for a failure in the person's language. */
export function wordError(error: unknown, i18n: I18n): string {
  if (!(error instanceof AppError)) return i18n.t('shell.errorBug');
  switch (error.code) {
    case 'connection-lost':
      return i18n.t('shell.errorConnectionLost');
    case 'not-allowed':
      return i18n.t('shell.errorNotAllowed');
    case 'bug':
      return i18n.t('shell.errorBug');
    default:
      // These name the file, class or number that matters: core words them.
      return i18n.say(error.sentence);
  }
}

/** Makes the one place where failures are told. What is not an AppError is a bug and is logged with its stack. */
export function createErrorReporter(i18n: I18n, toasts: Toasts, unsaved: UnsavedChanges): ReportError {
  return (error) => {
    if ((error instanceof AppError && error.code === 'cancelled') || unsaved.tells(error)) return;
    if (!(error instanceof AppError) || error.code === 'bug') console.error(error);
    toasts.show(wordError(error, i18n), { tone: 'bad' });
  };
}
