import type { Split } from '../../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { NewImage } from '../dataset-rows.ts';
import type { ClassRows } from './class-rows.ts';
import type { DatasetAccess } from './dataset-access.ts';
import { noteRecorder, type ImportedLabel } from './import-notes.ts';
import { toLabels, type LabelList } from './label-sets.ts';

const columns =
  'id, file_name, source, format, width, height, size_bytes, class_id, labels, split, given_split, is_shared_out, added_at';

export interface IntakeResult {
  readonly added: readonly ImageId[];
  readonly classesAdded: number;
  readonly revision: number;
}

/** A class as an import brings it. */
export interface ImportedClass {
  readonly name: string;
  readonly description: string;
  /** Null: the automatic one. */
  readonly color: number | null;
}

/** How images come into a dataset. */
export class ImageIntake {
  readonly #access: DatasetAccess;
  readonly #classes: ClassRows;

  constructor(access: DatasetAccess, classes: ClassRows) {
    this.#access = access;
    this.#classes = classes;
  }

  /**
   * Takes images in whose files are safe on disk already. Images that the project has are left as they are. Those
   * without a validation or test folder go to training and wait for `placeWaiting`.
   */
  add(images: readonly NewImage[], at: string): IntakeResult {
    const { database, history } = this.#access;
    return this.#access.write(() => {
      const nextBefore = this.#access.state().next_class;
      const classIds = new Map(this.#classes.all().map((item) => [item.name, item.id]));
      const isKnown = database.prepare<[ImageId]>('SELECT 1 FROM images WHERE id = ?');
      const insert = database.prepare<(string | number | null)[]>(
        `INSERT INTO images (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      );
      const forgetDeletion = database.prepare<[ImageId]>('DELETE FROM deleted_images WHERE id = ?');
      const touched = new Set<ClassId>();
      const added: ImageId[] = [];
      for (const image of images) {
        if (isKnown.get(image.id) !== undefined) continue;
        const classId = image.className === null ? null : this.#classFor(image.className, classIds);
        const several = image.classNames?.map((name) => this.#classFor(name, classIds)) ?? null;
        for (const one of several ?? [classId]) if (one !== null) touched.add(one);
        insert.run(...insertValues(image, classId, several && toLabels(several)), at);
        // Its file is there again and must not be removed as that of a deleted image.
        forgetDeletion.run(image.id);
        added.push(image.id);
      }
      if (added.length > 0) history.settle(touched);
      const { revision, next_class: next } = this.#access.state();
      return {
        added,
        classesAdded: next - nextBefore,
        revision: added.length > 0 ? this.#access.raiseRevision() : revision,
      };
    });
  }

  /**
   * Gives images that the project has what an import says of them, as one edit. Classes that are not there are made and stay when the
   * edit is undone, as those of an import do. Images that are gone are passed over.
   */
  relabel(
    images: readonly ImportedLabel[],
    at: string,
  ): { readonly changed: number; readonly classesAdded: number; readonly revision: number } {
    const { database, history } = this.#access;
    return this.#access.write(() => {
      const nextBefore = this.#access.state().next_class;
      const classIds = new Map(this.#classes.all().map((item) => [item.name, item.id]));
      const record = database.prepare<[number, ClassId | null, Split | null, ImageId, ClassId | null, Split | null]>(
        `INSERT INTO edit_images (edit_id, image, class_before, class_after, split_before, split_after)
         SELECT ?, number, class_id, coalesce(?, class_id), split, coalesce(?, split) FROM images
         WHERE id = ? AND (class_id IS NOT coalesce(?, class_id) OR split IS NOT coalesce(?, split))
         ON CONFLICT DO NOTHING`,
      );
      const recordNotes = noteRecorder(database);
      const recordLabels = database.prepare<[number, LabelList, ImageId, LabelList]>(
        `INSERT INTO edit_labels (edit_id, image, labels_before, labels_after)
         SELECT ?, number, labels, ? FROM images WHERE id = ? AND labels IS NOT ? ON CONFLICT DO NOTHING`,
      );
      const changed =
        history.perform({ kind: 'import-labels', at, by: 'import' }, (edit) => {
          for (const label of images) {
            const { id, className, classNames = null, split } = label;
            const classId = className === null ? null : this.#classFor(className, classIds);
            record.run(edit, classId, split, id, classId, split);
            recordNotes(edit, label);
            if (classNames === null) continue;
            const labels = toLabels(classNames.map((name) => this.#classFor(name, classIds)));
            recordLabels.run(edit, labels, id, labels);
          }
        }) ?? 0;
      const { revision, next_class: next } = this.#access.state();
      const classesAdded = next - nextBefore;
      const isChanged = changed > 0 || classesAdded > 0;
      return { changed, classesAdded, revision: isChanged ? this.#access.raiseRevision() : revision };
    });
  }

  /** Makes the classes that are not there, as an import does: not as an edit. Those that are there stay as they are. */
  addClasses(classes: readonly ImportedClass[]): { readonly classesAdded: number } {
    return this.#access.write(() => {
      const classIds = new Map(this.#classes.all().map((item) => [item.name, item.id]));
      const describe = this.#access.database.prepare<[string, number | null, ClassId]>(
        'UPDATE classes SET description = ?, color = ? WHERE id = ?',
      );
      const before = classIds.size;
      for (const { name, description, color } of classes) {
        if (classIds.has(name)) continue;
        describe.run(description, color, this.#classFor(name, classIds));
      }
      const classesAdded = classIds.size - before;
      if (classesAdded > 0) {
        this.#access.history.settle(new Set());
        this.#access.raiseRevision();
      }
      return { classesAdded };
    });
  }

  #classFor(name: string, classIds: Map<string, ClassId>): ClassId {
    const existing = classIds.get(name);
    if (existing !== undefined) return existing;
    const { id, number } = this.#classes.next();
    this.#access.database
      .prepare('INSERT INTO classes (id, name, position, number) VALUES (?, ?, ?, ?)')
      .run(id, name, number, number);
    classIds.set(name, id);
    return id;
  }
}

function insertValues(
  image: NewImage,
  classId: ClassId | null,
  labels: LabelList | null,
): readonly (string | number | null)[] {
  const split = image.givenSplit ?? 'training';
  return [
    image.id,
    image.fileName,
    image.source,
    image.format,
    image.width,
    image.height,
    image.sizeBytes,
    classId,
    labels,
    split,
    image.givenSplit,
    split === 'training' ? 0 : 1,
  ];
}
