import type { ListReading } from '../../../../src-shared/contract/import-list.contract.ts';
import type { SkippedFile } from '../../../../src-shared/contract/import.contract.ts';
import type { Split } from '../../../../src-shared/domain/dataset.ts';
import type { Labelling } from '../../../../src-shared/domain/labelling.ts';
import { say } from '../../../../src-shared/domain/sentence.ts';
import { splitOf } from '../found-file.ts';
import { toClassName, toClassNames } from './list-classes.ts';
import type { Table } from './read-table.ts';
import type { ClassWords } from './class-words.ts';

/** What a list says of one file. */
export interface ListedFile {
  /** As the list writes it. */
  readonly file: string;
  /** The line, or the number of the entry, from 1. */
  readonly line: number;
  /** Null: the list says nothing of it. */
  readonly className: string | null;
  /** In multi-label projects, where `className` is null: all its classes; null: the list says nothing of them. */
  readonly classNames?: readonly string[] | null;
  readonly split: Split | null;
}

/** A list that was read, with what is wrong with its rows. */
export interface LabelList {
  readonly files: readonly ListedFile[];
  readonly problems: readonly SkippedFile[];
}

/** How the cells of a list are understood. */
export interface ListWords {
  readonly words: ClassWords | null;
  readonly labelling: Labelling;
}

/**
 * Takes the columns of a table for what the reading says that they are; each file once, the first time that it is named. In multi-label
 * projects rows of the same file add their classes.
 */
export function listFromTable({ rows }: Table, reading: ListReading, { words, labelling }: ListWords): LabelList {
  const readClasses = (cell: string): Pick<ListedFile, 'className' | 'classNames'> | undefined => {
    if (labelling === 'multi-label') {
      const classNames = toClassNames(cell, reading.classSeparator ?? null, words);
      return classNames === undefined ? undefined : { className: null, classNames };
    }
    const className = toClassName(cell, words);
    return className === undefined ? undefined : { className };
  };
  const files = new Map<string, ListedFile>();
  const problems: SkippedFile[] = [];
  for (const { line, cells } of rows) {
    const cell = (column: number | null): string => (column === null ? '' : (cells[column]?.trim() ?? ''));
    const file = cell(reading.file);
    const problem = (reason: SkippedFile['reason']): void => void problems.push({ file, reason });
    if (file === '') {
      problem(say('listNoFile', { line }));
      continue;
    }
    const classes = readClasses(cell(reading.class));
    if (classes === undefined) problem(say('listClassUnfit', { line }));
    const splitWord = cell(reading.split);
    const split = splitOf(splitWord);
    if (split === null && splitWord !== '') problem(say('listSplitUnknown', { line, split: splitWord.slice(0, 60) }));
    const entry: ListedFile = { file, line, className: null, ...classes, split };
    const before = files.get(file);
    if (before === undefined) files.set(file, entry);
    else if (labelling === 'multi-label' && before.split === entry.split) files.set(file, withClasses(before, entry));
    else if (before.className !== entry.className || before.split !== entry.split) {
      problem(say('listTwice', { line, first: before.line }));
    }
  }
  return { files: [...files.values()], problems };
}

function withClasses(before: ListedFile, { classNames = null }: ListedFile): ListedFile {
  if (classNames === null) return before;
  return { ...before, classNames: [...new Set([...(before.classNames ?? []), ...classNames])] };
}
