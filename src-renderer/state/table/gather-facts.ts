import type { DatasetImage, Split } from '../../../src-shared/domain/dataset.ts';
import type { DictionaryColumn } from './dictionary-column.ts';
import type { ImageTable } from './image-table.ts';

/** What is said of several images at once. */
export interface ImageFacts {
  readonly bySplit: ReadonlyMap<Split, number>;
  /** In pixels, of the image with the fewest. */
  readonly smallest: { readonly width: number; readonly height: number };
  /** In all. */
  readonly sizeBytes: number;
  readonly folders: readonly string[];
}

export function gatherFacts({ columns }: ImageTable, rows: Uint32Array): ImageFacts {
  const bySplit = new Map<Split, number>();
  let [sizeBytes, smallest, fewest] = [0, rows[0] ?? 0, Infinity];
  for (const row of rows) {
    const split = columns.split.at(row);
    bySplit.set(split, (bySplit.get(split) ?? 0) + 1);
    sizeBytes += columns.sizeBytes.at(row);
    const pixels = columns.width.at(row) * columns.height.at(row);
    if (pixels < fewest) [smallest, fewest] = [row, pixels];
  }
  return {
    bySplit,
    smallest: { width: columns.width.at(smallest), height: columns.height.at(smallest) },
    sizeBytes,
    folders: distinctValues(columns.folder, rows),
  };
}

/** The values that these rows have, each once. */
export function distinctValues<Value extends string | null>(
  column: DictionaryColumn<Value>,
  rows: Uint32Array,
): readonly Value[] {
  const seen = new Uint8Array(column.codeCount);
  const values: Value[] = [];
  for (const row of rows) {
    const code = column.codeAt(row);
    if (seen[code] === 1) continue;
    seen[code] = 1;
    values.push(column.at(row));
  }
  return values;
}

/** How many of the first `rowCount` rows have each pair of values that there is. */
export function countPairs<A extends string | null, B extends string | null>(
  a: DictionaryColumn<A>,
  b: DictionaryColumn<B>,
  rowCount: number,
): readonly { readonly values: readonly [A, B]; readonly count: number }[] {
  const counts = new Uint32Array(a.codeCount * b.codeCount);
  const examples = new Uint32Array(counts.length);
  for (let row = 0; row < rowCount; row += 1) {
    const pair = a.codeAt(row) * b.codeCount + b.codeAt(row);
    counts[pair]! += 1;
    examples[pair] = row;
  }
  return [...counts.entries()]
    .filter(([, count]) => count > 0)
    .map(([pair, count]) => ({ values: [a.at(examples[pair]!), b.at(examples[pair]!)] as const, count }));
}

/** The first image of a split that has a label; null where none has. */
export function firstLabelled(table: ImageTable, wanted: Split): DatasetImage | null {
  const { classId, split } = table.columns;
  for (let row = 0; row < table.count; row += 1) {
    if (classId.at(row) !== null && split.at(row) === wanted) return table.image(row);
  }
  return null;
}
