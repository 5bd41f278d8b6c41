import type { ListPreview } from '../../../../src-shared/contract/import-list.contract.ts';
import { findListed, type ListRequest } from './gather-listed.ts';
import { openList } from './open-list.ts';

const shownRows = 20;
const shownProblems = 200;
const shownCellLength = 300;

/** What an import of a list would do. Throws AppError as the import would. */
export async function previewList(
  path: string,
  reading: ListPreview['reading'] | null,
  places: Omit<ListRequest, 'list'>,
): Promise<ListPreview> {
  const opened = await openList(path, reading, places.labelling);
  const list = { path, reading: opened.reading, addsClasses: true };
  const { files, known, problems, missing, close } = await findListed(opened, { ...places, list });
  close();
  const all = [...opened.problems, ...problems];
  const existing = new Set(places.database.dataset.readHead().classes.map(({ name }) => name));
  const counts = Map.groupBy(
    opened.files.flatMap(({ className, classNames }) => classNames ?? className ?? []),
    (name) => name,
  );
  const isTable = opened.format === 'table';
  return {
    name: opened.name,
    format: opened.format,
    reading: opened.reading,
    columns: opened.table.columns,
    rowCount: isTable ? opened.table.rows.length : opened.files.length,
    rows: opened.table.rows
      .slice(0, shownRows)
      .map(({ line, cells }) => ({ line, cells: cells.map((cell) => cell.slice(0, shownCellLength)) })),
    found: files.length,
    known: known.length,
    missing,
    withoutClass: opened.files.filter(({ className, classNames }) => (classNames ?? className) === null).length,
    classes: [...counts]
      .map(([name, { length }]) => ({ name, count: length, isNew: !existing.has(name) }))
      .sort((a, b) => b.count - a.count),
    problems: all.slice(0, shownProblems),
    problemCount: all.length,
  };
}
