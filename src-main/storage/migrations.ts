import type { Database } from 'better-sqlite3';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';

/** SQL that leads from version n to n + 1, where n is its place in the list. Entries are never changed, only added. */
export type Migrations = readonly string[];

/** The versions of project.sqlite; docs/file-format.md says what the tables mean. */
export const projectMigrations: Migrations = [
  `
  CREATE TABLE dataset (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL,
    next_class INTEGER NOT NULL,
    validation_ratio REAL NOT NULL,
    test_ratio REAL NOT NULL,
    seed INTEGER NOT NULL
  ) STRICT;
  INSERT INTO dataset VALUES (1, 0, 0, 0.15, 0.15, 1);

  CREATE TABLE classes (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE images (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    source TEXT NOT NULL,
    format TEXT NOT NULL CHECK (format IN ('jpeg', 'png', 'webp', 'gif', 'tiff', 'avif')),
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    class_id TEXT REFERENCES classes (id),
    split TEXT NOT NULL CHECK (split IN ('training', 'validation', 'test')),
    given_split TEXT CHECK (given_split IN ('training', 'validation', 'test')),
    is_shared_out INTEGER NOT NULL CHECK (is_shared_out IN (0, 1))
  ) STRICT;
  CREATE INDEX images_by_class ON images (class_id);
  CREATE INDEX images_by_given_split ON images (given_split) WHERE given_split IS NOT NULL;
  CREATE INDEX images_waiting ON images (is_shared_out) WHERE is_shared_out = 0;

  CREATE TABLE edits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    is_undone INTEGER NOT NULL DEFAULT 0 CHECK (is_undone IN (0, 1)),
    image_count INTEGER NOT NULL,
    class_name TEXT,
    class_id TEXT,
    class_position INTEGER,
    name_before TEXT,
    name_after TEXT,
    ratios_before TEXT,
    ratios_after TEXT
  ) STRICT;

  CREATE TABLE edit_images (
    edit_id INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,
    image INTEGER NOT NULL REFERENCES images (number) ON DELETE CASCADE,
    class_before TEXT,
    class_after TEXT,
    split_before TEXT NOT NULL,
    split_after TEXT NOT NULL,
    PRIMARY KEY (edit_id, image)
  ) STRICT, WITHOUT ROWID;
  `,
  // Imports that go on after a restart, their reports, and where images came from.
  `
  CREATE TABLE imports (
    id TEXT NOT NULL UNIQUE,
    started_at TEXT NOT NULL,
    status TEXT NOT NULL,
    job TEXT NOT NULL,
    request TEXT
  ) STRICT;

  CREATE TABLE import_skips (
    import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    file TEXT NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;
  CREATE INDEX import_skips_by_import ON import_skips (import_id, file);

  CREATE TABLE image_origins (
    image INTEGER PRIMARY KEY REFERENCES images (number) ON DELETE CASCADE,
    import_id TEXT NOT NULL,
    captured_at TEXT,
    camera TEXT,
    burst TEXT
  ) STRICT;
  CREATE INDEX image_origins_by_burst ON image_origins (burst) WHERE burst IS NOT NULL;
  `,
  // What is seen of pictures, what stays together, the frozen test set, and files that changed.
  `
  CREATE TABLE image_facts (
    image INTEGER PRIMARY KEY REFERENCES images (number) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    hash BLOB,
    sketch BLOB,
    brightness REAL,
    contrast REAL,
    highlight REAL,
    shadow REAL,
    sharpness REAL,
    colorfulness REAL,
    captured_at INTEGER
  ) STRICT;

  CREATE TABLE split_rules (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    rules TEXT NOT NULL
  ) STRICT;

  CREATE TABLE kept_copies (
    image INTEGER PRIMARY KEY REFERENCES images (number) ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE frozen_test (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    frozen_at TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;

  CREATE TABLE frozen_test_images (
    id TEXT PRIMARY KEY,
    class_id TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE file_checks (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    checked_at TEXT NOT NULL,
    total INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE changed_files (
    image INTEGER PRIMARY KEY REFERENCES images (number) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    is_left_out INTEGER NOT NULL CHECK (is_left_out IN (0, 1))
  ) STRICT;
  `,
];

/** The version of a database; 0 is an empty one. */
export function databaseVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Throws AppError 'unsupported' when a newer Graft made the database. */
export function assertNotNewer(database: Database, migrations: Migrations): void {
  const version = databaseVersion(database);
  if (version <= migrations.length) return;
  throw new AppError('unsupported', say('databaseNewer', { version, known: migrations.length }));
}

/** Brings a database to the newest version, all steps or none. */
export function migrate(database: Database, migrations: Migrations): void {
  assertNotNewer(database, migrations);
  const steps = migrations.slice(databaseVersion(database));
  if (steps.length === 0) return;
  database.transaction(() => {
    for (const step of steps) database.exec(step);
    database.pragma(`user_version = ${migrations.length}`);
  })();
}
