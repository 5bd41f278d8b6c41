/**
 * Makes the database of one schema version for the tests, from that of the version before it:
 *
 *   node tools/make-schema-fixture.ts <version>
 *
 * A migration that lands needs the fixture of the version that it leads away from; test/unit/storage/schema-fixtures.spec.ts says so. Rows for
 * the tables that a version brought stand in tools/lib/schema-fixture-rows.ts: a table without rows tests nothing.
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { databaseVersion, migrate, projectMigrations } from '../src-main/storage/migrations.ts';
import { repositoryRoot } from './lib/repository.ts';
import { schemaFixtureRows } from './lib/schema-fixture-rows.ts';

const version = Number(process.argv[2]);
if (!Number.isInteger(version) || version < 2 || version > projectMigrations.length) {
  throw new Error(
    `Expected ‹2 … ${projectMigrations.length}› for ‹version›, received ‹${process.argv[2] ?? 'nothing'}›`,
  );
}
const [before, after] = [fixtureOf(version - 1), fixtureOf(version)];
if (!existsSync(before)) throw new Error(`Make the fixture of version ${version - 1} first`);
mkdirSync(path.dirname(after), { recursive: true });
copyFileSync(before, after);
const database = new SqliteDatabase(after);
database.pragma('journal_mode = DELETE');
database.pragma('foreign_keys = ON');
const had = new Set(tables());
migrate(database, projectMigrations.slice(0, version));
database.exec(schemaFixtureRows[version] ?? '');
const empty = tables().filter((table) => !had.has(table) && count(table) === 0);
if (empty.length > 0) {
  throw new Error(`Give rows for ${empty.join(', ')} in tools/lib/schema-fixture-rows.ts, then run this again`);
}
database.exec('VACUUM');
// As Graft leaves it.
database.pragma('journal_mode = WAL');
console.log(`${path.relative(repositoryRoot, after)}: version ${databaseVersion(database)}`);
database.close();

function fixtureOf(of: number): string {
  return path.join(repositoryRoot, 'test', 'fixtures', `project-v${of}`, 'project.sqlite');
}

function tables(): readonly string[] {
  const sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  return database.prepare<[], string>(sql).pluck().all();
}

function count(table: string): number {
  return database.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get() ?? 0;
}
