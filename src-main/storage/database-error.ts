import { AppError } from '../../src-shared/contract/app-error.ts';
import { systemCode } from './file-error.ts';

/** SQLite's failure as a person can act on it; anything else comes back as it was. */
export function databaseError(error: unknown, file: string): unknown {
  const code = error instanceof AppError ? '' : (systemCode(error) ?? '');
  const options = { retry: true, cause: error, detail: { path: file, system: code } };
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new AppError(
      'damaged-file',
      `“${file}” is damaged and cannot be read as a project database. Restore it from a backup.`,
      { ...options, retry: false },
    );
  }
  if (code.startsWith('SQLITE_FULL')) {
    return new AppError('disk-full', 'Could not save: the disk is full. Free some space, then try again.', options);
  }
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR|BUSY)/.test(code)) {
    return new AppError(
      'no-access',
      `“${file}” cannot be used (${code}). Check that it exists and that its folder may be written, then try again.`,
      options,
    );
  }
  return error;
}
