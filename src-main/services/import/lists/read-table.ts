import { parse } from 'csv-parse/sync';
import { AppError } from '../../../../src-shared/contract/app-error.ts';
import type { ListDelimiter } from '../../../../src-shared/contract/import-list.contract.ts';
import { say } from '../../../../src-shared/domain/sentence.ts';

/** One row of a list, with the line that it begins at, from 1. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Table {
  /** As the first line or the keys name them; null where nothing does. */
  readonly columns: readonly (string | null)[];
  readonly rows: readonly TableRow[];
}

/** Of separated values (RFC 4180, quotes also where they should not be). Throws AppError 'bad-input' where it cannot be read. */
export function readSeparated(text: string, delimiter: ListDelimiter, hasHeader: boolean): Table {
  const rows = delimiter === ' ' ? readSpaced(text) : parseRows(text, delimiter);
  const width = Math.max(0, ...rows.slice(0, 1000).map(({ cells }) => cells.length));
  const [header] = rows;
  const columns = Array.from({ length: width }, (_, index) =>
    hasHeader ? (header?.cells[index]?.trim() ?? null) : null,
  );
  return { columns, rows: hasHeader ? rows.slice(1) : rows };
}

/** Of one JSON object a line. Throws AppError 'bad-input' that names the first line that is none. */
export function readJsonLines(text: string): Table {
  const objects = text.split('\n').flatMap((source, index) => {
    if (source.trim() === '') return [];
    return [{ line: index + 1, fields: readObject(source, index + 1) }];
  });
  const columns = [...new Set(objects.flatMap(({ fields }) => Object.keys(fields)))];
  const rows = objects.map(({ line, fields }) => ({ line, cells: columns.map((key) => toCell(fields[key])) }));
  return { columns, rows };
}

/** The delimiter with which most lines of the beginning have equally many cells, more than one. */
export function guessDelimiter(text: string): ListDelimiter {
  const sample = text.split(/\r?\n/, 50).slice(0, -1).join('\n') || text;
  let best: { delimiter: ListDelimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of [',', '\t', ';', '|', ' '] as const) {
    const counts = tryCounts(sample, delimiter);
    const usual = Math.max(1, mode(counts));
    const score = usual < 2 ? 0 : counts.filter((count) => count === usual).length / counts.length;
    // In this order: a space stands in names too, and counts only where nothing else separates.
    if (score > best.score + (delimiter === ' ' ? 0.2 : 0)) best = { delimiter, score };
  }
  return best.delimiter;
}

function tryCounts(sample: string, delimiter: ListDelimiter): readonly number[] {
  try {
    return (delimiter === ' ' ? readSpaced(sample) : parseRows(sample, delimiter)).map(({ cells }) => cells.length);
  } catch {
    return [];
  }
}

function parseRows(text: string, delimiter: string): TableRow[] {
  try {
    const records = parse(text, {
      delimiter,
      bom: true,
      info: true,
      raw: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }) as unknown as readonly {
      readonly record: string[];
      readonly info: { readonly lines: number };
      readonly raw: string;
    }[];
    // The parser counts the line on which a record ends, and counts empty lines before a record to it.
    return records.map(({ record, info, raw }) => ({
      line: info.lines - (raw.replace(/^[\r\n]+|[\r\n]+$/g, '').match(/\n/g)?.length ?? 0),
      cells: record,
    }));
  } catch (error) {
    throw new AppError('bad-input', say('listUnreadable', { what: error instanceof Error ? error.message : '' }), {
      cause: error,
    });
  }
}

/** ImageNet's lists: a path, which may have spaces, and after the last space the class. */
function readSpaced(text: string): TableRow[] {
  return text.split('\n').flatMap((source, index) => {
    const line = source.trim();
    const at = line.search(/\s\S+$/);
    if (line === '') return [];
    return [{ line: index + 1, cells: at === -1 ? [line] : [line.slice(0, at).trim(), line.slice(at + 1).trim()] }];
  });
}

function readObject(source: string, line: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(source);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below, like JSON of another kind.
  }
  throw new AppError('bad-input', say('listLineNoObject', { line }));
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  // A list of one is what some programs write for a single label.
  if (Array.isArray(value) && value.length === 1) return toCell(value[0]);
  return JSON.stringify(value);
}

function mode(counts: readonly number[]): number {
  const groups = [...Map.groupBy(counts, (count) => count)].sort(([, a], [, b]) => b.length - a.length);
  return groups[0]?.[0] ?? 0;
}
