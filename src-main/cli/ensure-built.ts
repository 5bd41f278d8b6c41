import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { programRoot } from '../core/paths.ts';

/**
 * Brings what a command needs below dist up to date. A package has it; a clone of the repository builds it the first
 * time, so that `npm ci` is all that comes before the command line.
 */
export async function ensureBuilt(names: readonly ('renderer' | 'export-page' | 'export-code')[]): Promise<void> {
  const builder = path.join(programRoot(), 'tools', 'build.ts');
  if (!existsSync(builder)) return;
  try {
    await promisify(execFile)(process.execPath, [builder, ...names]);
  } catch (cause) {
    throw new AppError(
      'unsupported',
      'Graft could not be built here. Run “npm ci” and “npm run build”, which says more.',
      { cause },
    );
  }
}
