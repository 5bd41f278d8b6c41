import type { MessageKey } from '../../messages/messages.ts';
import { splits } from '../../../src-shared/domain/dataset.ts';
import type { ImageTable } from '../table/image-table.ts';
import type { NumberColumn } from '../table/number-column.ts';
import type { ImageSource } from './image-facets.ts';
import { nameKeys } from './name-keys.ts';
import { countingSort, sortByKeys, sortByNumber } from './sort-rows.ts';

/** An order of images; equal ones follow each other by name. */
export interface ImageSort {
  /** Also its name in the page's address. */
  readonly id: string;
  readonly title: MessageKey;
  /** It asks what a model says, and is there only where one has judged images. */
  readonly needs: 'judge' | null;
  /** Rises when the order may be another. */
  readonly version: (source: ImageSource) => string;
  /** Whether an image has no place in this order, and so comes last also when it is reversed. */
  readonly lacks?: (source: ImageSource) => (row: number) => boolean;
  /** All rows; `byName` is expensive the first time. */
  readonly order: (source: ImageSource, byName: () => Uint32Array) => Uint32Array;
}

/** Every order, in that of the menu. A further entry here is all that a further order needs. */
export const imageSorts = [
  { id: 'added', title: 'images.sortAdded', needs: null, version: () => '', order: ({ table }) => rowsInOrder(table) },
  {
    id: 'name',
    title: 'images.sortName',
    needs: null,
    version: nameVersion,
    order: (_source, byName) => byName(),
  },
  {
    id: 'class',
    title: 'images.sortClass',
    needs: null,
    version: (source) => `${nameVersion(source)} ${String(source.table.columns.classId.version)}`,
    order: ({ table, orderOf }, byName) => {
      const { classId } = table.columns;
      const ranks = new Map([...classId.counts()].map(([id]) => [classId.codeOf(id), 1 + (orderOf(id) ?? -1)]));
      const rankOf = Uint32Array.from({ length: classId.codeCount }, (_, code) => ranks.get(code) ?? 0);
      const count = 1 + rankOf.reduce((most, rank) => Math.max(most, rank), 0);
      return countingSort(Uint32Array.from(byName()), (row) => rankOf[classId.codeAt(row)]!, count);
    },
  },
  {
    id: 'split',
    title: 'images.sortSplit',
    needs: null,
    version: (source) => `${nameVersion(source)} ${String(source.table.columns.split.version)}`,
    order: ({ table }, byName) => {
      const { split } = table.columns;
      const codes = splits.map((one) => split.codeOf(one));
      return countingSort(Uint32Array.from(byName()), (row) => codes.indexOf(split.codeAt(row)), splits.length);
    },
  },
  numberSort('pixels', 'images.sortPixels', {
    version: ({ columns }) => columns.width.version + columns.height.version,
    valueOf: ({ columns }) => {
      const { width, height } = columns;
      return (row) => width.at(row) * height.at(row);
    },
  }),
  numberSort('bytes', 'images.sortBytes', {
    version: ({ columns }) => columns.sizeBytes.version,
    valueOf: ({ columns }) => {
      const { sizeBytes } = columns;
      return (row) => sizeBytes.at(row);
    },
  }),
  {
    id: 'useful',
    title: 'suggest.useful',
    needs: null,
    version: ({ queue }) => String(queue?.version ?? 0),
    order: ({ table, queue }) => withFirst(table, table.rowsOf(queue?.imageIds ?? [])),
  },
  {
    id: 'chosen',
    title: 'map.sortChosen',
    needs: null,
    version: ({ chosen }) => String(chosen?.version ?? 0),
    order: ({ table, chosen }) => withFirst(table, chosen?.rows ?? new Uint32Array()),
  },
  judgeSort('uncertain', 'model.sortUncertain', { name: 'margin', isDown: false }),
  judgeSort('loss', 'model.sortLoss', { name: 'loss', isDown: true }),
  {
    id: 'similar',
    title: 'model.sortSimilar',
    needs: null,
    lacks: ({ similar }) => lacksNumber(similar?.columns.similarity),
    version: (source) => `${nameVersion(source)} ${String(source.similar?.version ?? 0)}`,
    order: ({ similar }, byName) => {
      const similarity = similar?.columns.similarity;
      return similarity ? sortByNumber(byName(), (row) => similarity.at(row), true) : byName();
    },
  },
] as const satisfies readonly ImageSort[];

export type ImageSortId = (typeof imageSorts)[number]['id'];

/** All rows by name; equal names in the order in which they came in. */
export function orderByName({ table, compareNames }: ImageSource): Uint32Array {
  return sortByKeys(table.count, nameKeys(table.columns.fileName, table.count, compareNames));
}

export function nameVersion({ table, version }: ImageSource): string {
  return `${version} ${String(table.columns.fileName.version)}`;
}

/** Largest first. */
function numberSort<Id extends string>(
  id: Id,
  title: MessageKey,
  {
    version,
    valueOf,
  }: { version: (table: ImageTable) => number; valueOf: (table: ImageTable) => (row: number) => number },
) {
  return {
    id,
    title,
    needs: null,
    version: (source: ImageSource) => `${nameVersion(source)} ${String(version(source.table))}`,
    order: ({ table }: ImageSource, byName: () => Uint32Array) => sortByNumber(byName(), valueOf(table), true),
  };
}

/** These rows, then all others as they came. */
function withFirst(table: ImageTable, first: Uint32Array): Uint32Array {
  const isFirst = new Uint8Array(table.count);
  for (const row of first) isFirst[row] = 1;
  return Uint32Array.from([...first, ...rowsInOrder(table).filter((row) => isFirst[row] === 0)]);
}

/** By a number that a model gives; images that it did not judge come last. */
function judgeSort<Id extends string>(
  id: Id,
  title: MessageKey,
  { name, isDown }: { readonly name: 'margin' | 'loss'; readonly isDown: boolean },
) {
  return {
    id,
    title,
    needs: 'judge' as const,
    lacks: ({ judged }: ImageSource) => lacksNumber(judged?.columns[name]),
    version: (source: ImageSource) => `${nameVersion(source)} ${String(source.judged?.version ?? 0)}`,
    order: ({ judged }: ImageSource, byName: () => Uint32Array) => {
      const column = judged?.columns[name];
      return column ? sortByNumber(byName(), (row) => column.at(row), isDown) : byName();
    },
  };
}

function lacksNumber(column: NumberColumn | undefined): (row: number) => boolean {
  return (row) => !column || Number.isNaN(column.at(row));
}

function rowsInOrder({ count }: ImageTable): Uint32Array {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) rows[row] = row;
  return rows;
}
