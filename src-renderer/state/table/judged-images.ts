import type { ImageBlock } from '../../../src-shared/contract/dataset-stream.ts';
import type { JudgementHead, SimilarityHead } from '../../../src-shared/contract/judgement-stream.ts';
import type { MapHead } from '../../../src-shared/contract/map.contract.ts';
import { mapColumns } from '../../../src-shared/domain/image-map.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import { judgementColumns, similarityColumns } from '../../../src-shared/domain/judgement.ts';
import type { Column } from './column.ts';
import { DictionaryColumn } from './dictionary-column.ts';
import type { ImageTable } from './image-table.ts';
import { NumberColumn } from './number-column.ts';

let answers = 0;

/** What one judge says of the images of a table. It stays as it is: a later answer is another one, with another version. */
export class JudgedImages {
  readonly version: number;
  readonly head: JudgementHead;
  readonly columns = {
    predicted: new DictionaryColumn<ClassId>(judgementColumns.predicted),
    confidence: new NumberColumn(judgementColumns.confidence),
    margin: new NumberColumn(judgementColumns.margin),
    loss: new NumberColumn(judgementColumns.loss),
  };

  constructor(head: JudgementHead) {
    answers += 1;
    this.version = answers;
    this.head = head;
  }

  put(table: ImageTable, block: ImageBlock): void {
    putColumns(this.columns, table, block);
  }

  /** The class that an image is judged to be; undefined where it was not judged. */
  predictedAt(row: number): ClassId | undefined {
    return this.columns.predicted.codeAt(row) ? this.columns.predicted.at(row) : undefined;
  }

  /** Whether an image has a label and is judged to be another class. */
  disagreement({ columns: { classId } }: ImageTable): (row: number) => boolean {
    const { predicted } = this.columns;
    const codes = new Int32Array(predicted.codeCount).fill(-1);
    for (const [value] of predicted.counts()) codes[predicted.codeOf(value)] = classId.codeOf(value);
    const none = classId.codeOf(null);
    return (row) => {
      const [judged, label] = [predicted.codeAt(row), classId.codeAt(row)];
      return judged > 0 && label !== none && codes[judged] !== label;
    };
  }
}

/** How like one image those of a table are. */
export class SimilarImages {
  readonly version: number;
  readonly imageId: ImageId;
  /** Images that have features. */
  readonly count: number;
  readonly columns = { similarity: new NumberColumn(similarityColumns.similarity) };

  constructor(imageId: ImageId, head: SimilarityHead) {
    answers += 1;
    this.count = head.count;
    this.version = answers;
    this.imageId = imageId;
  }

  put(table: ImageTable, block: ImageBlock): void {
    putColumns(this.columns, table, block);
  }
}

/** Where the images of a table lie on a map, in the map's own unit; NaN for those that are not on it. */
export class MappedImages {
  /** Of the map, as core counts. */
  readonly version: number;
  readonly columns = { x: new NumberColumn(mapColumns.x), y: new NumberColumn(mapColumns.y) };

  constructor({ version }: MapHead) {
    this.version = version;
  }

  put(table: ImageTable, block: ImageBlock): void {
    putColumns(this.columns, table, block);
  }
}

function putColumns(stores: Readonly<Record<string, Column>>, table: ImageTable, block: ImageBlock): void {
  const rows = table.find(block);
  for (const [name, store] of Object.entries(stores)) {
    const column = block.columns.get(name);
    if (!column) throw new Error(`A block of images has no ${name}`);
    store.reserve(table.count);
    store.write(rows, column);
  }
}
