import { cpSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { projectMigrations } from '../../../src-main/storage/migrations.ts';
import { openProjectDatabase } from '../../../src-main/storage/project-database.ts';
import { imageIdOf, newImage } from '../../support/new-images.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const fixture = fileURLToPath(new URL('../../fixtures/project-v1/project.sqlite', import.meta.url));
const nextVersion = [...projectMigrations, 'ALTER TABLE images ADD COLUMN note TEXT'];

function copyOfVersion1(): string {
  const file = path.join(temporaryFolder(), 'project.sqlite');
  cpSync(fixture, file);
  return file;
}

/** What is in a database of version 1, which this Graft reads only after converting it. */
function describeVersion1(file: string): { readonly version: unknown; readonly images: unknown } {
  const database = new SqliteDatabase(file, { readonly: true });
  const images = database.prepare('SELECT count(*) FROM images').pluck().get();
  const version = database.pragma('user_version', { simple: true });
  database.close();
  return { version, images };
}

describe('the project database', () => {
  it('reads what version 1 wrote, with its history', () => {
    const database = openProjectDatabase(copyOfVersion1(), 'write');
    const { dataset } = database;
    dataset.redo();
    const { classes, images, undo } = dataset.read();
    expect(database.findDamage()).toEqual([]);
    expect(classes.map(({ name }) => name)).toEqual(['kitten', 'dog']);
    expect(images.map(({ source, split }) => `${source} ${split}`)).toEqual([
      'loose.png training',
      'train/cat/1.png training',
      'train/cat/2.png training',
      'test/dog/4.png test',
      'train/dog/3.png training',
    ]);
    expect(images[0]?.classId).toBe(classes[1]?.id);
    expect(undo).toMatchObject({ kind: 'rename-class', by: 'person', className: 'kitten' });
    expect(classes.map(({ order, color, isColorChosen }) => [order, color, isColorChosen])).toEqual([
      [0, 1, false],
      [1, 2, false],
    ]);
    dataset.undo();
    expect(dataset.read().classes.map(({ name }) => name)).toEqual(['cat', 'dog']);
    database.close();
  });

  it('converts an older database once and keeps the original beside it', () => {
    const file = copyOfVersion1();
    openProjectDatabase(file, 'write', nextVersion).close();
    expect(existsSync(`${file}.version-1`)).toBe(true);
    expect(describeVersion1(`${file}.version-1`)).toEqual({ version: 1, images: 5 });
    expect(openProjectDatabase(file, 'read', nextVersion).dataset.counts()).toEqual({ images: 5, classes: 2 });
  });

  it('does not half convert: a step that fails leaves the old version whole', () => {
    const file = copyOfVersion1();
    expect(() => openProjectDatabase(file, 'write', [...nextVersion, 'ALTER TABLE nowhere ADD COLUMN x'])).toThrow(
      'nowhere',
    );
    expect(describeVersion1(file)).toEqual({ version: 1, images: 5 });
  });

  it('refuses to convert while it only reads, and to open what a newer Graft wrote', () => {
    const file = copyOfVersion1();
    expect(() => openProjectDatabase(file, 'read', nextVersion)).toThrow(
      expect.objectContaining({ code: 'read-only' }),
    );
    openProjectDatabase(file, 'write', nextVersion).close();
    expect(() => openProjectDatabase(file, 'write')).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  it('says that a damaged file is damaged and that a missing one cannot be opened', () => {
    const file = path.join(temporaryFolder(), 'project.sqlite');
    expect(() => openProjectDatabase(file, 'read')).toThrow(expect.objectContaining({ code: 'no-access' }));
    writeFileSync(file, 'not a database '.repeat(1000));
    expect(() => openProjectDatabase(file, 'write')).toThrow(expect.objectContaining({ code: 'damaged-file' }));
  });

  it('lets a second connection read while the first one writes', () => {
    const file = path.join(temporaryFolder(), 'project.sqlite');
    const writer = openProjectDatabase(file, 'write');
    const reader = openProjectDatabase(file, 'read');
    writer.dataset.addImages([newImage(1, 'cat')], '2026-01-01T00:00:00Z');
    expect(reader.dataset.image(imageIdOf(1))).toMatchObject({ fileName: '1.png' });
    reader.close();
    writer.close();
  });
});
