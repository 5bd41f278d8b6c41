import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { projectMigrations } from '../../../src-main/storage/migrations.ts';
import { openProjectDatabase } from '../../../src-main/storage/project-database.ts';
import { note } from '../../support/soak.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const versions = Array.from({ length: projectMigrations.length }, (_, index) => index + 1);

function fixtureOf(version: number): string {
  return fileURLToPath(new URL(`../../fixtures/project-v${version}/project.sqlite`, import.meta.url));
}

function versionOf(file: string): number {
  const database = new SqliteDatabase(file, { readonly: true });
  try {
    return Number(database.pragma('user_version', { simple: true }));
  } finally {
    database.close();
  }
}

it('there is a database of every earlier schema version', () => {
  const missing = versions.slice(0, -1).filter((version) => !existsSync(fixtureOf(version)));
  expect(missing, 'run node tools/make-schema-fixture.ts with each of these versions').toEqual([]);
});

it.each(versions.filter((version) => existsSync(fixtureOf(version))))(
  'a database of version %i is brought to the present one with all that it has, and the original is kept',
  (version) => {
    const file = path.join(temporaryFolder(), 'project.sqlite');
    cpSync(fixtureOf(version), file);
    expect(versionOf(file)).toBe(version);
    const database = openProjectDatabase(file, 'write');
    expect(database.findDamage()).toEqual([]);
    const { classes, images } = database.dataset.read();
    const nameOf = (id: string | null): string => classes.find((one) => one.id === id)?.name ?? '–';
    expect(images.map(({ source, classId, split }) => `${source} ${nameOf(classId)} ${split}`)).toEqual([
      'loose.png dog training',
      'train/cat/1.png cat training',
      'train/cat/2.png cat training',
      'test/dog/4.png dog test',
      // From version 4 on it lies in the trash.
      ...(version < 4 ? ['train/dog/3.png dog training'] : []),
    ]);
    // Its history works too.
    database.dataset.redo();
    expect(database.dataset.read().classes.map(({ name }) => name)).toEqual(['kitten', 'dog']);
    database.dataset.undo();
    database.close();
    expect(versionOf(file)).toBe(projectMigrations.length);
    if (version < projectMigrations.length) {
      expect(readFileSync(`${file}.version-${version}`)).toEqual(readFileSync(fixtureOf(version)));
    }
    note(`schema version ${version} opened as ${projectMigrations.length}`);
  },
);
