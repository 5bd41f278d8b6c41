import type { Split, SplitRatios } from '../../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import { toRatios, type SharePool } from '../dataset-rows.ts';
import { rarestOf, type LabelList } from './label-sets.ts';
import type { DatasetAccess } from './dataset-access.ts';

interface PoolRow {
  readonly id: ImageId;
  readonly classId: ClassId | null;
  readonly labels: LabelList | null;
  readonly split: Split;
  readonly isSharedOut: 0 | 1;
  readonly isGiven: 0 | 1;
}

/** Which split each image is in: what may be placed, placing it, and sharing out anew as an edit. */
export class SplitEdits {
  readonly #access: DatasetAccess;

  constructor(access: DatasetAccess) {
    this.#access = access;
  }

  /** All images that a share-out may place, and what came in validation and test folders and is therefore left alone. */
  pool(): SharePool {
    const { database } = this.#access;
    const rows = database
      .prepare<[], PoolRow>(
        `SELECT id, class_id AS classId, labels, split, is_shared_out AS isSharedOut, given_split IS NOT NULL AS isGiven FROM present_images
         WHERE given_split IS NULL OR given_split = 'training' ORDER BY number`,
      )
      .all();
    const given = database
      .prepare<[], Split>('SELECT DISTINCT given_split FROM present_images WHERE given_split IS NOT NULL')
      .pluck()
      .all();
    const fixed = database
      .prepare<[], { id: ImageId; split: Split }>(
        "SELECT id, split FROM present_images WHERE given_split <> 'training'",
      )
      .all();
    return {
      images: withRarest(rows).map((row) => ({
        ...row,
        isSharedOut: row.isSharedOut === 1,
        isGiven: row.isGiven === 1,
      })),
      given: new Set(given),
      fixed: new Map(fixed.map(({ id, split }) => [id, split])),
    };
  }

  hasWaiting(): boolean {
    return this.#access.database.prepare('SELECT 1 FROM images WHERE is_shared_out = 0 LIMIT 1').get() !== undefined;
  }

  /** Shares out anew, as an edit that can be undone. */
  shareOut(splits: ReadonlyMap<ImageId, Split>, ratios: SplitRatios, at: string): number {
    return this.#access.write(() => {
      const before = JSON.stringify(this.ratios());
      const record = this.#access.database.prepare<[number, Split, ImageId, Split]>(
        `INSERT INTO edit_images (edit_id, image, class_before, class_after, split_before, split_after)
         SELECT ?, number, class_id, class_id, split, ? FROM images WHERE id = ? AND split <> ?`,
      );
      this.#access.history.perform(
        { kind: 'share-out', at, ratios: { before, after: JSON.stringify(ratios) } },
        (edit) => {
          for (const [id, split] of splits) record.run(edit, split, id, split);
        },
      );
      return this.#access.raiseRevision();
    });
  }

  /** Places the images that wait for it since their import; not an edit, because an import is none either. */
  placeWaiting(splits: ReadonlyMap<ImageId, Split>): number {
    return this.#access.write(() => {
      const { database } = this.#access;
      const place = database.prepare<[Split, ImageId]>(
        'UPDATE images SET split = ? WHERE id = ? AND is_shared_out = 0',
      );
      for (const [id, split] of splits) place.run(split, id);
      database.prepare('UPDATE images SET is_shared_out = 1 WHERE is_shared_out = 0').run();
      return this.#access.raiseRevision();
    });
  }

  ratios(): SplitRatios {
    return toRatios(this.#access.state());
  }

  setRatios(ratios: SplitRatios): void {
    this.#access.write(() =>
      this.#access.database
        .prepare('UPDATE dataset SET validation_ratio = ?, test_ratio = ?, seed = ?')
        .run(ratios.validation, ratios.test, ratios.seed),
    );
  }
}

/** Images of several classes count as of the rarest of them. */
function withRarest(rows: readonly PoolRow[]): readonly Omit<PoolRow, 'labels'>[] {
  const rarest = rarestOf(rows.flatMap(({ labels }) => labels ?? []));
  return rows.map(({ labels, ...row }) => (labels === null ? row : { ...row, classId: rarest(labels) }));
}
