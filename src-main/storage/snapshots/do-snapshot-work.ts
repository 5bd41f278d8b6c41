import SqliteDatabase, { type Database } from 'better-sqlite3';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { SnapshotDifference } from '../../../src-shared/domain/snapshot.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import { databaseError } from '../database-error.ts';
import { databaseVersion, migrate, projectMigrations } from '../migrations.ts';
import type { DatabaseFacts, SnapshotAnswers, SnapshotWork } from './snapshot-work.ts';

/** Does one piece of work; synchronous as SQLite is, save for `replace`. Throws AppError. */
export async function doSnapshotWork(work: SnapshotWork): Promise<SnapshotAnswers[SnapshotWork['kind']]> {
  switch (work.kind) {
    case 'copy':
      return copy(work.from, work.to);
    case 'check':
      return withDatabase(work.file, 'read', findDamage);
    case 'compare':
      return work.then.map((then) => compare(work.now, then));
    case 'prepare':
      return prepare(work.file, work.revision);
    case 'replace':
      return replace(work.from, work.into);
    default:
      return assertNever(work, 'work');
  }
}

function copy(from: string, to: string): DatabaseFacts {
  withDatabase(from, 'read', (database) => {
    assertSound(database, from);
    // Reads in one transaction and writes a file without a log, packed tightly.
    database.prepare('VACUUM INTO ?').run(to);
  });
  return withDatabase(to, 'read', (database) => {
    assertSound(database, to);
    return factsOf(database);
  });
}

/** Null where one of the two is damaged or gone: that is when a list is needed most. */
function compare(now: string, then: string): SnapshotDifference | null {
  try {
    return difference(now, then);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function difference(now: string, then: string): SnapshotDifference {
  return withDatabase(now, 'read', (database) => {
    database.prepare('ATTACH ? AS earlier').run(then);
    const count = (sql: string): number => database.prepare<[], number>(sql).pluck().get() ?? 0;
    const namesOf = (image: string, schema: 'main' | 'earlier'): string =>
      hasLabels(database, schema)
        ? `iif(${image}.labels IS NULL, NULL, (SELECT json_group_array(name ORDER BY name)
             FROM json_each(${image}.labels) JOIN ${schema}.classes ON ${schema}.classes.id = value))`
        : 'NULL';
    return {
      imagesAdded: count('SELECT count(*) FROM main.images WHERE id NOT IN (SELECT id FROM earlier.images)'),
      imagesGone: count('SELECT count(*) FROM earlier.images WHERE id NOT IN (SELECT id FROM main.images)'),
      labelsChanged: count(
        `SELECT count(*) FROM main.images AS a JOIN earlier.images AS b ON a.id = b.id
         LEFT JOIN main.classes AS ca ON ca.id = a.class_id LEFT JOIN earlier.classes AS cb ON cb.id = b.class_id
         WHERE ca.name IS NOT cb.name OR ${namesOf('a', 'main')} IS NOT ${namesOf('b', 'earlier')}`,
      ),
    };
  });
}

function prepare(file: string, revision: number): DatabaseFacts {
  return withDatabase(file, 'write', (database) => {
    assertSound(database, file);
    migrate(database, projectMigrations);
    // Whoever shows revision 7 must not take an older state for the same.
    database.prepare('UPDATE dataset SET revision = max(revision, ?) + 1').run(revision);
    return factsOf(database);
  });
}

/** SQLite's own backup writes one transaction into the other file: a crash leaves the old content, a reader sees old or new. */
async function replace(from: string, into: string): Promise<null> {
  const database = new SqliteDatabase(from, { readonly: true });
  try {
    await database.backup(into, { progress: ({ remainingPages }) => remainingPages });
    return null;
  } catch (error) {
    throw databaseError(error, into);
  } finally {
    database.close();
  }
}

function factsOf(database: Database): DatabaseFacts {
  const count = (sql: string): number => database.prepare<[], number>(sql).pluck().get() ?? 0;
  return {
    revision: count('SELECT revision FROM dataset'),
    databaseVersion: databaseVersion(database),
    images: count('SELECT count(*) FROM images'),
    labelled: count(
      `SELECT count(${hasLabels(database, 'main') ? 'coalesce(class_id, labels)' : 'class_id'}) FROM images`,
    ),
    classes: count('SELECT count(*) FROM classes'),
  };
}

/** False for a snapshot from before there were multi-label projects. */
function hasLabels(database: Database, schema: 'main' | 'earlier'): boolean {
  const sql = "SELECT 1 FROM pragma_table_info('images', ?) WHERE name = 'labels'";
  return database.prepare<[string]>(sql).get(schema) !== undefined;
}

function assertSound(database: Database, file: string): void {
  const [first] = findDamage(database);
  if (first === undefined) return;
  throw new AppError('damaged-file', say('databaseDamaged', { path: file }), { detail: { found: first } });
}

function findDamage(database: Database): readonly string[] {
  const found = database.prepare<[], string>('PRAGMA integrity_check(10)').pluck().all();
  const orphans = database.prepare<[], { table: string }>('PRAGMA foreign_key_check').all();
  return [...found.filter((line) => line !== 'ok'), ...orphans.map(({ table }) => `${table}: a row without its other`)];
}

function withDatabase<T>(file: string, access: 'read' | 'write', work: (database: Database) => T): T {
  let database: Database | undefined;
  try {
    database = new SqliteDatabase(file, { readonly: access === 'read', fileMustExist: true, timeout: 5000 });
    return work(database);
  } catch (error) {
    throw databaseError(error, file);
  } finally {
    database?.close();
  }
}
