import { AppError } from '../../src-shared/contract/app-error.ts';
import { say, type NamedSentence } from '../../src-shared/domain/sentence.ts';

/** The system's code of a failed file operation, e.g. 'ENOENT'; null for anything else. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/**
 * A failed file operation as a person can act on it; `doing` completes "Could not …", e.g. 'save the pipeline'.
 *
 * What is not a file error comes back as it was: it is a bug and must be seen as one.
 */
export function fileError(error: unknown, doing: NamedSentence, path: string): unknown {
  const system = systemCode(error);
  if (error instanceof AppError || system === null) return error;
  const options = { retry: true, cause: error, detail: { path, system } };
  switch (system) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return new AppError('disk-full', say('diskFull', { doing }), options);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('no-access', say('notPermitted', { doing, path }), options);
    case 'EEXIST':
      return new AppError('conflict', say('fileInTheWay', { doing, path }), options);
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('not-found', say('notThere', { doing, path }), options);
    default:
      return new AppError('no-access', say('systemRefused', { doing, path, system }), options);
  }
}
