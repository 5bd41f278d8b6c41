import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { fileError, systemCode } from '../../storage/file-error.ts';

const pieceBytes = 1024 * 1024;

/** SHA-256 of a file's bytes, in hex, a piece at a time. Throws AppError for a file that cannot be read. */
export async function hashFile(path: string): Promise<string> {
  try {
    const handle = await open(path, 'r');
    try {
      const hash = createHash('sha256');
      const piece = new Uint8Array(pieceBytes);
      for (;;) {
        const { bytesRead } = await handle.read(piece, 0, pieceBytes);
        if (bytesRead === 0) return hash.digest('hex');
        hash.update(piece.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new AppError('not-found', say('fileGone'), { cause: error });
    throw fileError(error, say('doingReadFile'), path);
  }
}
