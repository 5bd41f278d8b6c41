import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';

/** What a project's database holds, read past Graft's own code. */
export interface ProjectRows {
  readonly revision: number;
  readonly classes: readonly { readonly id: ClassId; readonly name: string }[];
  readonly images: readonly {
    readonly id: ImageId;
    readonly format: string;
    readonly source: string;
    readonly classId: ClassId | null;
  }[];
  /** SQLite's own check; empty when all is well. */
  readonly damage: readonly string[];
}

/** Reads a copy of the database and its log: reading in place would do the recovery that is to be tested. */
export function readProjectRows(root: string): ProjectRows {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'graft-rows-'));
  try {
    for (const name of ['project.sqlite', 'project.sqlite-wal']) {
      if (existsSync(path.join(root, name))) cpSync(path.join(root, name), path.join(folder, name));
    }
    const database = new SqliteDatabase(path.join(folder, 'project.sqlite'));
    try {
      const check = database.prepare<[], string>('PRAGMA integrity_check').pluck().all();
      return {
        revision: database.prepare<[], number>('SELECT revision FROM dataset').pluck().get() ?? -1,
        classes: database.prepare<[], ProjectRows['classes'][number]>('SELECT id, name FROM classes').all(),
        images: database
          .prepare<[], ProjectRows['images'][number]>(
            'SELECT id, format, source, class_id AS classId FROM images ORDER BY number',
          )
          .all(),
        damage: check.filter((line) => line !== 'ok'),
      };
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
