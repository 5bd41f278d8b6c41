import path from 'node:path';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { ListPreview, ListReading } from '../../src-shared/contract/import-list.contract.ts';
import type { ClassSeparator } from '../../src-shared/domain/class-list.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { followImport, type EndedImport } from './import-sources.ts';
import type { Session } from './session.ts';

/** What the options of the command say of a list; undefined: as it is guessed. */
export interface ListOptions {
  readonly images?: string;
  readonly fileColumn?: string;
  readonly classColumn?: string;
  readonly splitColumn?: string;
  readonly classSeparator?: ClassSeparator;
  readonly knownClassesOnly?: boolean;
}

/** True for the endings that lists of labels have. */
export function isListName(name: string): boolean {
  return /\.(csv|tsv|tab|jsonl|ndjson|json|txt)$/i.test(name);
}

/** Imports a list of labels and resolves when it has ended. */
export async function importList(
  session: Session,
  projectId: ProjectId,
  list: string,
  options: ListOptions,
): Promise<EndedImport> {
  const { client, core, output } = session;
  const grant = async (file: string) => (await core.host.grantSource(path.resolve(file))).token;
  const of = {
    projectId,
    source: { kind: 'chosen' as const, list: await grant(list) },
    images: options.images === undefined ? null : await grant(options.images),
  };
  const preview = await client.call('import.inspectList', { ...of, reading: null });
  const reading = chooseColumns(preview, options);
  if (preview.format === 'table') output.note(describeReading(preview, reading));
  const addsClasses = options.knownClassesOnly !== true;
  return await followImport(session, projectId, () => client.call('import.startList', { ...of, reading, addsClasses }));
}

function chooseColumns(preview: ListPreview, options: ListOptions): ListReading {
  const { reading } = preview;
  const { fileColumn, classColumn, splitColumn, classSeparator } = options;
  return {
    ...reading,
    file: fileColumn === undefined ? reading.file : findColumn(preview, fileColumn),
    class: classColumn === undefined ? reading.class : findColumn(preview, classColumn),
    split: splitColumn === undefined ? reading.split : findColumn(preview, splitColumn),
    ...(classSeparator !== undefined && { classSeparator }),
  };
}

/** By its name, or by its number from 1. */
function findColumn({ columns }: ListPreview, wanted: string): number {
  const named = columns.findIndex((name) => name?.toLowerCase() === wanted.toLowerCase());
  const index = named === -1 && /^\d+$/.test(wanted) ? Number(wanted) - 1 : named;
  if (index >= 0 && index < columns.length) return index;
  const names = columns.map((name, at) => name ?? String(at + 1)).join(', ');
  throw new AppError('bad-input', `The list has no column “${wanted}”. It has ${names}.`);
}

function describeReading({ columns, rowCount }: ListPreview, reading: ListReading): string {
  const name = (column: number): string => `“${columns[column] ?? String(column + 1)}”`;
  const parts = [
    `files in column ${name(reading.file)}`,
    reading.class === null ? 'no classes' : `classes in ${name(reading.class)}`,
    ...(reading.classSeparator == null ? [] : [`“${reading.classSeparator}” between them`]),
    ...(reading.split === null ? [] : [`splits in ${name(reading.split)}`]),
  ];
  return `${rowCount} rows: ${parts.join(', ')}`;
}
