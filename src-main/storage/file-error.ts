import { AppError } from '../../src-shared/contract/app-error.ts';

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
export function fileError(error: unknown, doing: string, path: string): unknown {
  const code = systemCode(error);
  if (error instanceof AppError || code === null) return error;
  const options = { retry: true, cause: error, detail: { path, system: code } };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return new AppError(
        'disk-full',
        `Could not ${doing}: the disk is full. Free some space, then try again.`,
        options,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError(
        'no-access',
        `Could not ${doing}: writing or reading “${path}” is not permitted. Check the permissions of its folder, then try again.`,
        options,
      );
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('not-found', `Could not ${doing}: “${path}” is not there.`, options);
    default:
      return new AppError(
        'no-access',
        `Could not ${doing}: the system answered ${code} for “${path}”. Try again.`,
        options,
      );
  }
}
