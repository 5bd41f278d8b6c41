import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { databaseError } from '../storage/database-error.ts';

/** Turns whatever was thrown into what the page is told; `isBug` says that nobody expected it. */
export function toAppError(thrown: unknown): { readonly error: AppError; readonly isBug: boolean } {
  if (thrown instanceof AppError) return { error: thrown, isBug: thrown.code === 'bug' };
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return { error: new AppError('cancelled', 'Stopped.', { cause: thrown }), isBug: false };
  }
  const known = fromSystem(thrown);
  if (known !== undefined) return { error: known, isBug: false };
  const message = 'Something went wrong inside Graft; your data is kept. The log says more.';
  return { error: new AppError('bug', message, { cause: thrown }), isBug: true };
}

function fromSystem(thrown: unknown): AppError | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  const where = 'path' in thrown && typeof thrown.path === 'string' ? ` (${thrown.path})` : '';
  // SQLite's own words come from readings; a writing says which file it was.
  const ofDatabase = databaseError(thrown, 'project.sqlite');
  if (ofDatabase instanceof AppError) return ofDatabase;
  switch (thrown.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('disk-full', `The disk is full${where}. Free some space and try again.`, {
        retry: true,
        cause: thrown,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('no-access', `Graft may not read or write there${where}.`, { cause: thrown });
    case 'EIO':
    case 'EBUSY':
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENODEV':
    case 'ENXIO':
    case 'ESTALE':
    case 'ETIMEDOUT': {
      // A disk, a drive or the system has trouble, not Graft; other codes, such as ENOENT, nobody expected.
      const path = 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : '';
      return new AppError('no-access', say('systemTrouble', { system: thrown.code, path }), {
        retry: true,
        cause: thrown,
      });
    }
    default:
      return undefined;
  }
}
