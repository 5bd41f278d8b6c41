import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { databaseError } from './database-error.ts';
import { copyDatabaseFiles } from './database-files.ts';
import { systemCode } from './file-error.ts';
import { closedWith, openProjectDatabase, type ProjectDatabase } from './project-database.ts';

/**
 * Opens a copy of a project's database as it is at this moment, brought to this Graft's version. The original is only read,
 * also while another process writes it; the copy goes when it is closed.
 *
 * Throws AppError 'not-found', 'unsupported' (made by a newer Graft), 'no-access' or 'damaged-file'.
 */
export async function openDatabaseCopy(file: string): Promise<ProjectDatabase> {
  if (!existsSync(file)) throw new AppError('not-found', say('databaseMissing', { path: path.dirname(file) }));
  const folder = await mkdtemp(path.join(os.tmpdir(), 'graft-copy-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = path.join(folder, path.basename(file));
    await copyDatabase(file, copy);
    return closedWith(openProjectDatabase(copy, 'write'), remove);
  } catch (error) {
    remove();
    throw asDamage(databaseError(error, file), file);
  }
}

/** Page by page and with the log of whoever writes it; as files where SQLite cannot read the place because it cannot be written. */
async function copyDatabase(file: string, copy: string): Promise<void> {
  try {
    const source = new SqliteDatabase(file, { readonly: true, timeout: 5000 });
    try {
      await source.backup(copy);
    } finally {
      source.close();
    }
  } catch (error) {
    if (!/^SQLITE_(CANTOPEN|READONLY)/.test(systemCode(error) ?? '')) throw error;
    copyDatabaseFiles(file, copy);
  }
}

/** A database of somebody else may have any tables: whatever SQLite does not find in it is its fault. */
function asDamage(error: unknown, file: string): unknown {
  if (error instanceof AppError || systemCode(error)?.startsWith('SQLITE_') !== true) return error;
  return new AppError('damaged-file', say('databaseDamaged', { path: file }), { cause: error });
}
