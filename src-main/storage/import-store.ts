import type { Database } from 'better-sqlite3';
import * as v from 'valibot';
import { importJobSchema, type ImportJob, type SkippedFile } from '../../src-shared/contract/import.contract.ts';
import type { ImageId, JobId } from '../../src-shared/domain/ids.ts';
import { sentenceSchema, type Sentence } from '../../src-shared/domain/sentence.ts';
import { databaseError } from './database-error.ts';
import type { DatasetStore } from './dataset-store.ts';
import { keptImports, type ImageOrigin, type ImportedImage, type StoredImport } from './import-rows.ts';

/** Which left-out files of an import are asked for. */
export interface SkippedQuery {
  readonly offset: number;
  readonly limit: number;
  readonly search: string;
  readonly reason: string | null;
}

/** The imports of one project: requests that may go on, reports, and where images came from. */
export class ImportStore {
  readonly #database: Database;
  readonly #dataset: DatasetStore;
  readonly #file: string;

  constructor(database: Database, dataset: DatasetStore, file: string) {
    this.#database = database;
    this.#dataset = dataset;
    this.#file = file;
  }

  /** Keeps a new import or the newer state of one; `request` is null once there is nothing to go on with. */
  save(job: ImportJob, request: string | null): void {
    this.#write(() => {
      this.#database
        .prepare(
          `INSERT INTO imports (id, started_at, status, job, request) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET status = excluded.status, job = excluded.job, request = excluded.request`,
        )
        .run(job.id, job.startedAt, job.status, JSON.stringify({ ...job, latest: [] }), request);
      this.#database
        .prepare(
          `DELETE FROM imports WHERE request IS NULL AND id NOT IN (
             SELECT id FROM imports ORDER BY started_at DESC, rowid DESC LIMIT ${String(keptImports)})`,
        )
        .run();
    });
  }

  /** Latest first. */
  list(): readonly StoredImport[] {
    return this.#database
      .prepare<[], { job: string; request: string | null }>(
        'SELECT job, request FROM imports ORDER BY started_at DESC, rowid DESC',
      )
      .all()
      .flatMap(({ job, request }) => {
        // A newer Graft may have written more; such a report cannot be shown here.
        const parsed = v.safeParse(importJobSchema, JSON.parse(job));
        return parsed.success ? [{ job: parsed.output, request }] : [];
      });
  }

  find(jobId: JobId): StoredImport | undefined {
    return this.list().find(({ job }) => job.id === jobId);
  }

  addSkipped(jobId: JobId, skipped: readonly SkippedFile[]): void {
    if (skipped.length === 0) return;
    this.#write(() => {
      const insert = this.#database.prepare('INSERT INTO import_skips (import_id, file, reason) VALUES (?, ?, ?)');
      for (const { file, reason } of skipped) insert.run(jobId, file, JSON.stringify(reason));
    });
  }

  /** For an import that looks at everything again. */
  clearSkipped(jobId: JobId): void {
    this.#write(() => this.#database.prepare('DELETE FROM import_skips WHERE import_id = ?').run(jobId));
  }

  listSkipped(
    jobId: JobId,
    { offset, limit, search, reason }: SkippedQuery,
  ): { readonly total: number; readonly skipped: SkippedFile[] } {
    const where = `import_id = ? AND (? = '' OR instr(lower(file), lower(?)) > 0)
      AND (? IS NULL OR ${reasonKey} = ?)`;
    const values = [jobId, search, search, reason, reason];
    const total = this.#database
      .prepare<unknown[], number>(`SELECT count(*) FROM import_skips WHERE ${where}`)
      .pluck()
      .get(...values);
    const rows = this.#database
      .prepare<unknown[], { file: string; reason: string }>(
        `SELECT file, reason FROM import_skips WHERE ${where} ORDER BY file, rowid LIMIT ? OFFSET ?`,
      )
      .all(...values, limit, offset);
    return { total: total ?? 0, skipped: rows.map((row) => ({ file: row.file, reason: readSentence(row.reason) })) };
  }

  /** How often each reason stands in a report, most often first; one sentence stands for all that differ in their facts. */
  countReasons(jobId: JobId): { readonly reason: Sentence; readonly count: number }[] {
    return this.#database
      .prepare<[JobId], { reason: string; count: number }>(
        `SELECT min(reason) AS reason, count(*) AS count FROM import_skips WHERE import_id = ?
         GROUP BY ${reasonKey} ORDER BY count DESC, reason`,
      )
      .all(jobId)
      .map(({ reason, count }) => ({ reason: readSentence(reason), count }));
  }

  /** As DatasetStore.addImages, with where they came from in the same transaction. */
  addImages(
    importId: JobId,
    images: readonly ImportedImage[],
    { at, burst }: { readonly at: string; readonly burst: string | null },
  ): ReturnType<DatasetStore['addImages']> {
    return this.#write(() => {
      const result = this.#dataset.addImages(images, at);
      const added = new Set(result.added);
      const insert = this.#database.prepare(
        `INSERT INTO image_origins (image, import_id, captured_at, camera, burst)
         SELECT number, ?, ?, ?, ? FROM images WHERE id = ?`,
      );
      for (const image of images) {
        if (added.has(image.id)) insert.run(importId, image.capturedAt, image.camera, burst, image.id);
      }
      return result;
    });
  }

  /** Every image by where it came from, in the order in which they came. */
  sources(): readonly { readonly id: ImageId; readonly source: string }[] {
    return this.#database
      .prepare<[], { id: ImageId; source: string }>('SELECT id, source FROM images ORDER BY number')
      .all();
  }

  /** The images that an import brought in, without those in the trash. */
  imagesOf(jobId: JobId): ReadonlySet<ImageId> {
    return new Set(
      this.#database
        .prepare<[JobId], ImageId>(
          'SELECT id FROM present_images JOIN image_origins ON image = number WHERE import_id = ?',
        )
        .pluck()
        .all(jobId),
    );
  }

  /** Undefined for images that came in before origins were kept. */
  origin(imageId: ImageId): ImageOrigin | undefined {
    return this.#database
      .prepare<[ImageId], ImageOrigin>(
        `SELECT import_id AS importId, captured_at AS capturedAt, camera, burst FROM image_origins
         WHERE image = (SELECT number FROM images WHERE id = ?)`,
      )
      .get(imageId);
  }

  #write<T>(change: () => T): T {
    try {
      return this.#database.transaction(change).immediate();
    } catch (error) {
      throw databaseError(error, this.#file);
    }
  }
}

/** The name of the sentence, or the words of one without a name. */
const reasonKey = `coalesce(CASE WHEN json_type(reason) = 'object' THEN reason ->> '$.key' END, reason ->> '$')`;

function readSentence(json: string): Sentence {
  return v.parse(sentenceSchema, JSON.parse(json));
}
