import { lstat } from 'node:fs/promises';
import { AppError } from '../../../../src-shared/contract/app-error.ts';
import { say } from '../../../../src-shared/domain/sentence.ts';
import { diskFile } from '../disk-file.ts';
import type { FileContent } from '../found-file.ts';

/** A file that another project should have. Links and what is no file are not read, as in a folder. */
export function otherFile(path: string): FileContent {
  const file = diskFile(path);
  return {
    path,
    async read() {
      const kind = await lstat(path);
      if (kind.isSymbolicLink()) throw new AppError('unsupported', say('isLink'));
      if (!kind.isFile()) throw new AppError('unsupported', say('isNoFile'));
      return await file.read();
    },
  };
}
