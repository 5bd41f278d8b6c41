import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../../../src-shared/contract/app-error.ts';
import type { ListPreview, ListReading } from '../../../../src-shared/contract/import-list.contract.ts';
import type { Labelling } from '../../../../src-shared/domain/labelling.ts';
import { say } from '../../../../src-shared/domain/sentence.ts';
import { fileError } from '../../../storage/file-error.ts';
import { readClassWords } from './class-words.ts';
import { isCoco, listFromCoco } from './coco.ts';
import { decodeText } from './decode-text.ts';
import { guessColumns, guessHasHeader } from './guess-reading.ts';
import { listFromTable, type LabelList } from './label-list.ts';
import { guessClassSeparator } from './list-classes.ts';
import { guessDelimiter, readJsonLines, readSeparated, type Table } from './read-table.ts';

/** A list with how it was read. */
export interface OpenList extends LabelList {
  readonly name: string;
  readonly format: ListPreview['format'];
  readonly reading: ListReading;
  readonly table: Table;
}

const mostBytes = 256e6;

/**
 * Reads a list of labels for a project of a kind: separated values, JSON lines or COCO. What `reading` leaves open is guessed.
 *
 * Throws AppError 'not-found', 'no-access', 'unsupported' (too large) or 'bad-input'.
 */
export async function openList(path: string, reading: ListReading | null, labelling: Labelling): Promise<OpenList> {
  const name = basename(path);
  const { text, encoding } = decodeText(await readBytes(path), reading?.encoding ?? null);
  const start = text.trimStart();
  if (start.startsWith('{') || start.startsWith('[')) {
    const whole = parseWhole(text);
    if (isCoco(whole)) {
      const nothing = { delimiter: null, hasHeader: false, file: 0, class: null, split: null };
      const table = { columns: [], rows: [] };
      return { name, format: 'coco', reading: { encoding, ...nothing }, table, ...listFromCoco(whole, labelling) };
    }
    const table = readJsonLines(text);
    const used = { encoding, delimiter: null, hasHeader: false, ...chooseColumns(table, reading, labelling) };
    const words = { words: await readClassWords(path), labelling };
    return { name, format: 'table', reading: used, table, ...listFromTable(table, used, words) };
  }
  const delimiter = reading?.delimiter ?? guessDelimiter(text);
  const [first, second] = readSeparated(text.split(/\r?\n/, 20).join('\n'), delimiter, false).rows;
  const hasHeader = reading?.hasHeader ?? (first !== undefined && guessHasHeader(first.cells, second?.cells));
  const table = readSeparated(text, delimiter, hasHeader);
  const used = { encoding, delimiter, hasHeader, ...chooseColumns(table, reading, labelling) };
  const words = { words: await readClassWords(path), labelling };
  return { name, format: 'table', reading: used, table, ...listFromTable(table, used, words) };
}

function chooseColumns(
  table: Table,
  reading: ListReading | null,
  labelling: Labelling,
): Pick<ListReading, 'file' | 'class' | 'split' | 'classSeparator'> {
  const { file, class: column, split } = reading ?? guessColumns(table);
  const columns = { file, class: column, split };
  if (labelling === 'single-label') return columns;
  const cells = column === null ? [] : table.rows.map((row) => row.cells[column] ?? '');
  const classSeparator = reading?.classSeparator === undefined ? guessClassSeparator(cells) : reading.classSeparator;
  return { ...columns, classSeparator };
}

/** Null for what is not one JSON value. */
function parseWhole(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > mostBytes) {
      throw new AppError('unsupported', say('listTooLarge', { size: Math.round(size / 1e6), most: mostBytes / 1e6 }));
    }
    return await readFile(path);
  } catch (error) {
    throw fileError(error, say('doingReadFile'), path);
  }
}
