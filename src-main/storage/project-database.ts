import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { ChangeLog } from './change-log.ts';
import { databaseError } from './database-error.ts';
import { copyDatabaseFiles } from './database-files.ts';
import { DatasetStore } from './dataset-store.ts';
import { ImageReader } from './image-reader.ts';
import { ImportStore } from './import-store.ts';
import { FrozenTestStore } from './frozen-test-store.ts';
import { ViewStore } from './view-store.ts';
import { assertNotNewer, databaseVersion, migrate, projectMigrations, type Migrations } from './migrations.ts';
import { QualityStore } from './quality-store.ts';

/** The open project.sqlite of one project. Every method is synchronous and takes a few milliseconds at most. */
export interface ProjectDatabase {
  readonly dataset: DatasetStore;
  /** The images in bulk, as a page gets them. */
  readonly images: ImageReader;
  readonly views: ViewStore;
  readonly imports: ImportStore;
  readonly quality: QualityStore;
  readonly frozenTest: FrozenTestStore;
  /** What SQLite's own check finds wrong; empty when all is well. */
  findDamage(): readonly string[];
  /** Of its content, without the log. */
  sizeBytes(): number;
  /** Writes all that it holds into a new file, also where its own file lost its name. */
  saveCopy(file: string): void;
  close(): void;
}

/**
 * Opens a project's database; 'write' creates or migrates it first and keeps the original beside it.
 *
 * Throws AppError 'unsupported' (made by a newer Graft), 'not-found', 'read-only' (needs a migration) or 'damaged-file'.
 */
export function openProjectDatabase(
  file: string,
  access: 'write' | 'read',
  migrations: Migrations = projectMigrations,
): ProjectDatabase {
  try {
    return openAt(file, access, migrations);
  } catch (error) {
    const system = error instanceof AppError ? error.detail?.['system'] : undefined;
    if (access === 'write' || !/^SQLITE_(CANTOPEN|READONLY)/.test(String(system))) throw error;
    return openCopy(file, migrations, error);
  }
}

function openAt(file: string, access: 'write' | 'read', migrations: Migrations): ProjectDatabase {
  const database = openFile(file, access);
  try {
    configure(database, access);
    if (access === 'write') keepOriginal(database, file, migrations);
    prepareVersion(database, access, migrations);
    const dataset = new DatasetStore(database, file);
    return {
      dataset,
      images: new ImageReader(database, new ChangeLog(database, dataset.revision())),
      views: new ViewStore(database, file),
      imports: new ImportStore(database, dataset, file),
      quality: new QualityStore(database, file),
      frozenTest: new FrozenTestStore(database, file),
      findDamage: () => findDamage(database),
      sizeBytes: () => pragmaNumber(database, 'page_count') * pragmaNumber(database, 'page_size'),
      saveCopy: (copy) => void database.prepare('VACUUM INTO ?').run(copy),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw databaseError(error, file);
  }
}

/**
 * SQLite reads a database with a log only where it may write beside it. On a place that cannot be written nobody writes,
 * so a copy elsewhere says the same, its log included.
 */
function openCopy(file: string, migrations: Migrations, cause: unknown): ProjectDatabase {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'graft-read-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = path.join(folder, path.basename(file));
    copyDatabaseFiles(file, copy);
    return closedWith(openAt(copy, 'read', migrations), remove);
  } catch (error) {
    remove();
    throw error instanceof AppError ? error : cause;
  }
}

/** A database after whose closing something else is to be done. */
export function closedWith(database: ProjectDatabase, after: () => void): ProjectDatabase {
  return {
    ...database,
    close: () => {
      database.close();
      after();
    },
  };
}

function openFile(file: string, access: 'write' | 'read'): Database {
  try {
    // The wait covers a reader's checkpoint; a second writer is kept out by the project's lock.
    return new SqliteDatabase(file, { readonly: access === 'read', timeout: 5000 });
  } catch (error) {
    throw databaseError(error, file);
  }
}

function configure(database: Database, access: 'write' | 'read'): void {
  if (access === 'write') {
    database.pragma('journal_mode = WAL');
    // NORMAL loses the last commits in a power cut; an acknowledged label must survive one.
    database.pragma('synchronous = FULL');
  }
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
}

function prepareVersion(database: Database, access: 'write' | 'read', migrations: Migrations): void {
  if (access === 'write') {
    migrate(database, migrations);
    return;
  }
  assertNotNewer(database, migrations);
  if (databaseVersion(database) < migrations.length) {
    throw new AppError('read-only', say('databaseOlder'));
  }
}

function keepOriginal(database: Database, file: string, migrations: Migrations): void {
  const version = databaseVersion(database);
  if (version === 0 || version >= migrations.length) return;
  // Everything into the one file first: a copy without its log would be an older state.
  database.pragma('wal_checkpoint(TRUNCATE)');
  const copy = `${file}.version-${version}`;
  if (!existsSync(copy)) copyFileSync(file, copy);
}

function pragmaNumber(database: Database, name: string): number {
  return Number(database.pragma(name, { simple: true }));
}

function findDamage(database: Database): readonly string[] {
  const rows = database.prepare<[], string>('PRAGMA quick_check').pluck().all();
  const orphans = database.prepare<[], { table: string }>('PRAGMA foreign_key_check').all();
  return [
    ...rows.filter((row) => row !== 'ok'),
    ...orphans.map((row) => `${row.table}: a row refers to one that is not there`),
  ];
}
