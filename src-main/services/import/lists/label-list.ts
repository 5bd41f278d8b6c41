import * as v from 'valibot';
import type { ListReading } from '../../../../src-shared/contract/import-list.contract.ts';
import type { SkippedFile } from '../../../../src-shared/contract/import.contract.ts';
import { classNameSchema } from '../../../../src-shared/domain/class-details.ts';
import type { Split } from '../../../../src-shared/domain/dataset.ts';
import { say } from '../../../../src-shared/domain/sentence.ts';
import { splitOf } from '../found-file.ts';
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
  readonly split: Split | null;
}

/** A list that was read, with what is wrong with its rows. */
export interface LabelList {
  readonly files: readonly ListedFile[];
  readonly problems: readonly SkippedFile[];
}

/** Takes the columns of a table for what the reading says that they are; each file once, the first time that it is named. */
export function listFromTable({ rows }: Table, reading: ListReading, words: ClassWords | null): LabelList {
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
    const className = toClassName(cell(reading.class), words);
    if (className === undefined) problem(say('listClassUnfit', { line }));
    const splitWord = cell(reading.split);
    const split = splitOf(splitWord);
    if (split === null && splitWord !== '') problem(say('listSplitUnknown', { line, split: splitWord.slice(0, 60) }));
    const entry = { file, line, className: className ?? null, split };
    const before = files.get(file);
    if (before === undefined) files.set(file, entry);
    else if (before.className !== entry.className || before.split !== entry.split) {
      problem(say('listTwice', { line, first: before.line }));
    }
  }
  return { files: [...files.values()], problems };
}

/** Null for none, undefined for what is no name of a class. */
export function toClassName(cell: string, words: ClassWords | null): string | null | undefined {
  if (cell === '') return null;
  const parsed = v.safeParse(classNameSchema, (words?.find(cell) ?? cell).normalize('NFC'));
  return parsed.success ? parsed.output : undefined;
}
