import type { DatasetClass } from '../../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import type { PipelinePart } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { pickEvenly } from '../../../src-shared/lib/pick-evenly.ts';
import type { DatasetState } from '../../state/dataset-state.svelte.ts';
import { everyRow, type ImageTable } from '../../state/table/image-table.ts';

const sampleCount = 16;

/** Which images the samples are of, as the page's address says it: the one that is previewed, those of a class, or all. */
export type Sheet = 'image' | 'all' | `class-${string}`;

/** The classes of which there are images to sample. */
export function classesWithImages({
  classes,
  counts,
}: Pick<DatasetState, 'classes' | 'counts'>): readonly DatasetClass[] {
  return classes.filter(({ id }) => counts.byClass.has(id));
}

export function sheetOfClass({ id }: DatasetClass): Sheet {
  return `class-${id}`;
}

/** The sheet that an address names; that of the image where it names none that there is. */
export function findSheet(name: string | undefined, classes: readonly DatasetClass[]): Sheet {
  if (name === 'all') return name;
  return classes.map(sheetOfClass).find((sheet) => sheet === name) ?? 'image';
}

interface Choice {
  /** The image that is previewed. */
  readonly imageId: ImageId;
  readonly table: ImageTable;
  readonly part: PipelinePart;
  /** Another round takes others, until all had their turn. */
  readonly round: number;
}

/** The image of each sample, 16 at most; evaluation does the same to an image each time, so there it comes once. */
export function sheetImages(sheet: Sheet, { imageId, table, part, round }: Choice): readonly ImageId[] {
  if (sheet === 'image') return Array<ImageId>(part === 'training' ? sampleCount : 1).fill(imageId);
  const rows = sheet === 'all' ? everyRow(table) : rowsOfClass(table, sheet);
  const start = round % Math.ceil(rows.length / sampleCount);
  return pickEvenly([...rows.subarray(start), ...rows.subarray(0, start)], sampleCount).map((row) => table.idAt(row));
}

function rowsOfClass(table: ImageTable, sheet: Sheet): Uint32Array {
  const { classId } = table.columns;
  const code = classId.codeOf(sheet.slice('class-'.length) as ClassId);
  return everyRow(table).filter((row) => classId.codeAt(row) === code);
}
