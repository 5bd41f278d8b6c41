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
  // Marks, tags, the trash, what classes have of their own, and edits of all of them.
  `
  ALTER TABLE classes ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
  UPDATE classes SET number = position;
  ALTER TABLE classes ADD COLUMN description TEXT NOT NULL DEFAULT '';
  ALTER TABLE classes ADD COLUMN color INTEGER CHECK (color BETWEEN 1 AND 12);
  ALTER TABLE classes ADD COLUMN key TEXT;

  CREATE TABLE image_marks (
    image INTEGER PRIMARY KEY REFERENCES images (number) ON DELETE CASCADE,
    mark TEXT NOT NULL CHECK (mark IN ('skip', 'unsure'))
  ) STRICT;
  CREATE TABLE image_tags (
    image INTEGER NOT NULL REFERENCES images (number) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (image, tag)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX image_tags_by_tag ON image_tags (tag);
  CREATE TABLE trashed_images (
    image INTEGER PRIMARY KEY REFERENCES images (number) ON DELETE CASCADE,
    at TEXT NOT NULL
  ) STRICT;
  CREATE VIEW present_images AS SELECT * FROM images WHERE number NOT IN (SELECT image FROM trashed_images);
  CREATE TABLE deleted_images (
    id TEXT PRIMARY KEY,
    file_name TEXT NOT NULL,
    format TEXT NOT NULL,
    at TEXT NOT NULL,
    is_file_there INTEGER NOT NULL CHECK (is_file_there IN (0, 1))
  ) STRICT;

  ALTER TABLE edits ADD COLUMN by TEXT NOT NULL DEFAULT 'person' CHECK (by IN ('person', 'import', 'model'));
  ALTER TABLE edits ADD COLUMN detail TEXT;
  CREATE INDEX edit_images_by_image ON edit_images (image);
  CREATE TABLE edit_marks (
    edit_id INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,
    image INTEGER NOT NULL REFERENCES images (number) ON DELETE CASCADE,
    mark_before TEXT,
    mark_after TEXT,
    PRIMARY KEY (edit_id, image)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX edit_marks_by_image ON edit_marks (image);
  CREATE TABLE edit_tags (
    edit_id INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,
    image INTEGER NOT NULL REFERENCES images (number) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    is_on_before INTEGER NOT NULL CHECK (is_on_before IN (0, 1)),
    is_on_after INTEGER NOT NULL CHECK (is_on_after IN (0, 1)),
    PRIMARY KEY (edit_id, image, tag)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX edit_tags_by_image ON edit_tags (image);
  CREATE TABLE edit_trash (
    edit_id INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,
    image INTEGER NOT NULL REFERENCES images (number) ON DELETE CASCADE,
    at_before TEXT,
    at_after TEXT,
    PRIMARY KEY (edit_id, image)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX edit_trash_by_image ON edit_trash (image);
  CREATE TABLE edit_classes (
    edit_id INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,
    class_id TEXT NOT NULL,
    state_before TEXT,
    state_after TEXT,
    PRIMARY KEY (edit_id, class_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX edit_classes_by_class ON edit_classes (class_id);
  INSERT INTO edit_classes
    SELECT id, class_id,
      CASE WHEN name_before IS NOT NULL THEN json_object('name', name_before, 'position', class_position,
        'number', class_position, 'description', '', 'color', NULL, 'key', NULL) END,
      CASE WHEN name_after IS NOT NULL THEN json_object('name', name_after, 'position', class_position,
        'number', class_position, 'description', '', 'color', NULL, 'key', NULL) END
    FROM edits WHERE class_id IS NOT NULL;
  ALTER TABLE edits DROP COLUMN class_id;
  ALTER TABLE edits DROP COLUMN class_position;
  ALTER TABLE edits DROP COLUMN name_before;
  ALTER TABLE edits DROP COLUMN name_after;
  `,
  // What suggestions leave: settings, accepted and judged labels, and what labels brought.
  `
  CREATE TABLE assist (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    backbone TEXT NOT NULL,
    queue_order TEXT NOT NULL CHECK (queue_order IN ('unsure', 'diverse', 'mixed'))
  ) STRICT;
  INSERT INTO assist VALUES (1, 0, 'efficientnet-lite0', 'mixed');

  CREATE TABLE accepted_labels (
    image INTEGER NOT NULL REFERENCES images (number) ON DELETE CASCADE,
    class_id TEXT NOT NULL,
    model TEXT NOT NULL,
    confidence REAL NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (image, class_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE judged_labels (
    kind TEXT NOT NULL CHECK (kind IN ('refused', 'confirmed')),
    image INTEGER NOT NULL REFERENCES images (number) ON DELETE CASCADE,
    class_id TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (kind, image, class_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE label_effects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    labels INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    total INTEGER NOT NULL,
    test_hash TEXT NOT NULL
  ) STRICT;
  `,
  // Named filters and orders of the images page.
  `
  CREATE TABLE saved_views (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    view TEXT NOT NULL
  ) STRICT;
  `,
  // Images of any number of classes, in multi-label projects: ids as a sorted JSON list, NULL before they are labelled.
  `
  ALTER TABLE images ADD COLUMN labels TEXT CHECK (json_type(labels) = 'array');
  CREATE TABLE edit_labels (
    edit_id INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,
    image INTEGER NOT NULL REFERENCES images (number) ON DELETE CASCADE,
    labels_before TEXT,
    labels_after TEXT,
    PRIMARY KEY (edit_id, image)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX edit_labels_by_image ON edit_labels (image);
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
