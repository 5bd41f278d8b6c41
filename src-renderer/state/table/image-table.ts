import type { ImageBlock } from '../../../src-shared/contract/dataset-stream.ts';
import type { DatasetImage } from '../../../src-shared/domain/dataset.ts';
import { imageColumns, type ImageColumnName } from '../../../src-shared/domain/image-columns.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { Column } from './column.ts';
import { DictionaryColumn } from './dictionary-column.ts';
import { IdColumn } from './id-column.ts';
import { classesOf } from './label-sets.ts';
import { NumberColumn } from './number-column.ts';
import { TextColumn } from './text-column.ts';

/** The rows of a table in their order. */
export function everyRow({ count }: ImageTable): Uint32Array {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) rows[row] = row;
  return rows;
}

/**
 * All images of a dataset, column by column, so that a million of them are a few arrays and not a million objects.
 *
 * An image is a row, numbered from 0 in the order in which the images came in; it keeps its row for as long as the table
 * lives. `image` makes an object of one where one is needed.
 */
export class ImageTable {
  readonly columns = {
    fileName: new TextColumn(),
    otherSource: new TextColumn(),
    folder: new DictionaryColumn(imageColumns.folder),
    format: new DictionaryColumn(imageColumns.format),
    width: new NumberColumn(imageColumns.width),
    height: new NumberColumn(imageColumns.height),
    sizeBytes: new NumberColumn(imageColumns.sizeBytes),
    addedAt: new NumberColumn(imageColumns.addedAt),
    classId: new DictionaryColumn(imageColumns.classId),
    labels: new DictionaryColumn(imageColumns.labels),
    split: new DictionaryColumn(imageColumns.split),
    mark: new DictionaryColumn(imageColumns.mark),
    tags: new DictionaryColumn(imageColumns.tags),
  } satisfies Readonly<Record<Exclude<ImageColumnName, 'id'>, Column>>;

  readonly #ids = new IdColumn();

  get count(): number {
    return this.#ids.count;
  }

  idAt(row: number): ImageId {
    return this.#ids.at(row);
  }

  /** −1 for an image that is not there. */
  rowOf(id: string): number {
    return this.#ids.rowOf(id);
  }

  /** The rows of those images that are there. */
  rowsOf(ids: Iterable<string>): Uint32Array {
    return Uint32Array.from(Array.from(ids, (id) => this.rowOf(id)).filter((row) => row !== -1));
  }

  /** Takes a block in: images that are there get its values, others come after the last. */
  put({ rowCount, columns }: ImageBlock): void {
    const ids = columns.get('id');
    if (!ids) throw new Error('A block of images has no ids');
    const rows = this.#ids.take(rowCount, ids);
    for (const [name, store] of Object.entries<Column>(this.columns)) {
      store.reserve(this.count);
      const column = columns.get(name);
      if (!column) throw new Error(`A block of images has no ${name}`);
      store.write(rows, column);
    }
  }

  /** The rows of a block's images; `absentRow` for those that are not there. */
  find({ rowCount, columns }: ImageBlock): Uint32Array {
    const ids = columns.get('id');
    if (!ids) throw new Error('A block of images has no ids');
    return this.#ids.find(rowCount, ids);
  }

  sourceAt(row: number): string {
    const { otherSource, folder, fileName } = this.columns;
    const place = folder.at(row);
    return otherSource.at(row) || (place === '' ? fileName.at(row) : `${place}/${fileName.at(row)}`);
  }

  image(row: number): DatasetImage {
    const { fileName, format, width, height, sizeBytes, classId, labels, split } = this.columns;
    const classIds = classesOf(labels.at(row));
    return {
      id: this.idAt(row),
      fileName: fileName.at(row),
      source: this.sourceAt(row),
      format: format.at(row),
      width: width.at(row),
      height: height.at(row),
      sizeBytes: sizeBytes.at(row),
      classId: classId.at(row),
      split: split.at(row),
      ...(classIds && { classIds: [...classIds] }),
    };
  }
}
