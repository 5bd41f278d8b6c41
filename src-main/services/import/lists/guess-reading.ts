import type { ListReading } from '../../../../src-shared/contract/import-list.contract.ts';
import { looksLikeImage } from '../../folder/count-images.ts';
import { splitOf } from '../found-file.ts';
import type { Table } from './read-table.ts';

const fileNames = [
  'file_name',
  'filename',
  'file',
  'path',
  'filepath',
  'image',
  'image_path',
  'image_id',
  'imageid',
  'img',
  'name',
  'id',
];
const classNames = [
  'label',
  'class',
  'class_name',
  'classname',
  'category',
  'target',
  'predictionstring',
  'labels',
  'species',
  'y',
];
const splitNames = ['split', 'set', 'subset', 'partition', 'fold', 'usage'];
const sampled = 200;

/** Whether the first row names columns: no cell of it looks like a file, and some cell is a name that headers have or differs from what follows. */
export function guessHasHeader(first: readonly string[], next: readonly string[] | undefined): boolean {
  if (first.some((cell) => looksLikeImage(cell))) return false;
  if (first.some((cell) => [...fileNames, ...classNames, ...splitNames].includes(key(cell)))) return true;
  return next?.some((cell) => looksLikeImage(cell)) === true;
}

/**
 * Which column says what, from names and values. The file is the column that looks most like image files, the split the one
 * whose cells are all train, val or test; the class is named so, or else the other column with the fewest different cells.
 */
export function guessColumns({ columns, rows }: Table): Pick<ListReading, 'file' | 'class' | 'split'> {
  const sample = rows.slice(0, sampled);
  const indexes = columns.map((_, index) => index);
  const cells = (index: number): string[] => sample.map((row) => row.cells[index]?.trim() ?? '');
  const share = (index: number, is: (cell: string) => boolean): number => {
    const filled = cells(index).filter((cell) => cell !== '');
    return filled.length === 0 ? 0 : filled.filter(is).length / filled.length;
  };
  const named = (names: readonly string[], among: readonly number[]): number | undefined =>
    names.flatMap((name) => among.filter((index) => key(columns[index] ?? '') === name))[0];
  const best = (score: (index: number) => number, among: readonly number[]): number | undefined =>
    among.filter((index) => score(index) > 0.5).sort((a, b) => score(b) - score(a))[0];

  const file = best((index) => share(index, looksLikeImage), indexes) ?? named(fileNames, indexes) ?? 0;
  const others = indexes.filter((index) => index !== file);
  const isSplit = (index: number): number => share(index, (cell) => splitOf(cell) !== null);
  const split =
    named(
      splitNames,
      others.filter((index) => isSplit(index) > 0.5),
    ) ??
    best(isSplit, others) ??
    null;
  const rest = others.filter((index) => index !== split);
  return { file, split, class: named(classNames, rest) ?? fewestDifferent(rest, cells) };
}

/** Classes repeat; a column in which nothing does says something else. */
function fewestDifferent(among: readonly number[], cells: (index: number) => readonly string[]): number | null {
  const counted = among
    .map((index) => ({ index, all: cells(index).filter((cell) => cell !== '') }))
    .map(({ index, all }) => ({ index, different: new Set(all).size, count: all.length }))
    .filter(({ different, count }) => different > 0 && (count < 10 || different <= count / 2));
  return counted.sort((a, b) => a.different - b.different)[0]?.index ?? null;
}

function key(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}
