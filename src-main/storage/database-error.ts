import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { systemCode } from './file-error.ts';

/** SQLite's failure as a person can act on it; anything else comes back as it was. */
export function databaseError(error: unknown, file: string): unknown {
  const code = error instanceof AppError ? '' : (systemCode(error) ?? '');
  const options = { retry: true, cause: error, detail: { path: file, system: code } };
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new AppError('damaged-file', say('databaseDamaged', { path: file }), { ...options, retry: false });
  }
  if (code.startsWith('SQLITE_FULL')) {
    return new AppError('disk-full', say('diskFull', { doing: say('doingSaveChange') }), options);
  }
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR|BUSY)/.test(code)) {
    return new AppError('no-access', say('databaseUnusable', { path: file, system: code }), options);
  }
  return error;
}
