import type { BackboneName } from '../../../src-shared/domain/backbone.ts';
import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { ImageClass, LabelEffect, QueueOrder, SuggestedLabel } from '../../../src-shared/domain/suggestion.ts';
import type { DatasetAccess } from './dataset-access.ts';

/** Whether and how a project wants suggestions. */
export interface AssistSettings {
  readonly isOn: boolean;
  readonly backbone: BackboneName;
  readonly order: QueueOrder;
}

/** What an image is for a head that learns. */
export interface LabelRow {
  readonly id: ImageId;
  readonly classId: ClassId | null;
  readonly split: Split;
}

/** Judgements that a person gave about single suggestions and labels. */
export type JudgementKind = 'refused' | 'confirmed';

interface EffectRow extends LabelEffect {
  readonly testHash: string;
}

/** The curve has so many points at most; its oldest go. */
const keptEffects = 500;

/** What suggestions leave in the project: settings, accepted and refused ones, labels that are right, and what labels brought. */
export class AssistNotes {
  readonly #access: DatasetAccess;

  constructor(access: DatasetAccess) {
    this.#access = access;
  }

  settings(): AssistSettings {
    const row = this.#access.database
      .prepare<[], { isOn: 0 | 1; backbone: BackboneName; order: QueueOrder }>(
        'SELECT is_on AS isOn, backbone, queue_order AS "order" FROM assist',
      )
      .get();
    if (!row) throw new Error('The project has no settings of suggestions');
    return { ...row, isOn: row.isOn === 1 };
  }

  setSettings({ isOn, backbone, order }: AssistSettings): void {
    this.#access.write(() =>
      this.#access.database
        .prepare('UPDATE assist SET is_on = ?, backbone = ?, queue_order = ?')
        .run(isOn ? 1 : 0, backbone, order),
    );
  }

  /** In the order in which they are shown. */
  classIds(): readonly ClassId[] {
    return this.#access.database.prepare<[], ClassId>('SELECT id FROM classes ORDER BY position').pluck().all();
  }

  /** Every image that is not left out of training, in the order in which they came. */
  labelRows(): readonly LabelRow[] {
    return this.#access.database
      .prepare<[], LabelRow>(
        `SELECT id, class_id AS classId, split FROM present_images
         WHERE number NOT IN (SELECT image FROM image_marks WHERE mark = 'skip') ORDER BY number`,
      )
      .all();
  }

  /**
   * Gives images the classes that a model suggested, as one edit; an image that has its class already, or a class that is gone, is passed
   * over. `model` names what suggested them.
   */
  accept(
    suggestions: readonly SuggestedLabel[],
    model: string,
    at: string,
  ): { readonly revision: number; readonly changed: number } {
    return this.#access.edit(() => {
      const { database, history } = this.#access;
      const rows = JSON.stringify(
        suggestions.map(({ imageId, classId, confidence }) => [imageId, classId, confidence]),
      );
      const from = `json_each(?) AS item
        JOIN present_images AS images ON images.id = item.value ->> 0
        JOIN classes ON classes.id = item.value ->> 1
        WHERE images.class_id IS NOT classes.id`;
      const note = database.prepare<[string, string, string]>(
        `INSERT OR REPLACE INTO accepted_labels (image, class_id, model, confidence, at)
         SELECT images.number, classes.id, ?, item.value ->> 2, ? FROM ${from}`,
      );
      const record = database.prepare<[number, string]>(
        `INSERT INTO edit_images (edit_id, image, class_before, class_after, split_before, split_after)
         SELECT ?, images.number, images.class_id, classes.id, images.split, images.split FROM ${from}`,
      );
      note.run(model, at, rows);
      // As with every label: what a mark was waiting for has come.
      const unmark = database.prepare<[number, string]>(
        `INSERT INTO edit_marks (edit_id, image, mark_before, mark_after)
         SELECT ?, images.number, mark, NULL FROM json_each(?) AS item
         JOIN present_images AS images ON images.id = item.value ->> 0 JOIN image_marks ON image_marks.image = images.number`,
      );
      return history.perform({ kind: 'accept-labels', at, by: 'model' }, (edit) => {
        record.run(edit, rows);
        unmark.run(edit, rows);
      });
    });
  }

  /** Labels that are what a model suggested and somebody accepted. */
  countAccepted(): number {
    return (
      this.#access.database
        .prepare<[], number>(
          'SELECT count(*) FROM accepted_labels JOIN present_images AS images ON images.number = image AND images.class_id = accepted_labels.class_id',
        )
        .pluck()
        .get() ?? 0
    );
  }

  /** Every judgement of a kind. */
  judged(kind: JudgementKind): readonly ImageClass[] {
    return this.#access.database
      .prepare<[JudgementKind], ImageClass>(
        'SELECT images.id AS imageId, judged_labels.class_id AS classId FROM judged_labels JOIN images ON number = image WHERE kind = ?',
      )
      .all(kind);
  }

  /** Remembers judgements, or takes them back. */
  judge(kind: JudgementKind, items: readonly ImageClass[], isSo: boolean, at: string): void {
    this.#access.write(() => {
      const { database } = this.#access;
      const rows = JSON.stringify(items.map(({ imageId, classId }) => [imageId, classId]));
      const from = 'json_each(?) AS item JOIN images ON images.id = item.value ->> 0';
      if (isSo) {
        database
          .prepare(
            `INSERT OR IGNORE INTO judged_labels (kind, image, class_id, at) SELECT ?, images.number, item.value ->> 1, ? FROM ${from}`,
          )
          .run(kind, at, rows);
      } else {
        database
          .prepare(
            `DELETE FROM judged_labels WHERE kind = ? AND (image, class_id) IN (SELECT images.number, item.value ->> 1 FROM ${from})`,
          )
          .run(kind, rows);
      }
    });
  }

  /** The points measured on the same test set as the last one, oldest first. */
  effects(): readonly LabelEffect[] {
    return this.#access.database
      .prepare<[], LabelEffect>(
        `SELECT at, labels, correct, total FROM label_effects
         WHERE test_hash = (SELECT test_hash FROM label_effects ORDER BY id DESC LIMIT 1) ORDER BY id`,
      )
      .all();
  }

  /** Adds a point, unless it says what the last one says. */
  addEffect({ at, labels, correct, total, testHash }: EffectRow): void {
    this.#access.write(() => {
      const { database } = this.#access;
      const last = database
        .prepare<[], EffectRow>(
          'SELECT at, labels, correct, total, test_hash AS testHash FROM label_effects ORDER BY id DESC LIMIT 1',
        )
        .get();
      if (last?.testHash === testHash && last.labels === labels && last.correct === correct && last.total === total)
        return;
      database
        .prepare('INSERT INTO label_effects (at, labels, correct, total, test_hash) VALUES (?, ?, ?, ?, ?)')
        .run(at, labels, correct, total, testHash);
      database
        .prepare('DELETE FROM label_effects WHERE id <= (SELECT max(id) FROM label_effects) - ?')
        .run(keptEffects);
    });
  }
}
