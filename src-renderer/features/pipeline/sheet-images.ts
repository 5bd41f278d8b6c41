import type { DatasetClass, DatasetImage } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { PipelinePart } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { pickEvenly } from '../../../src-shared/lib/pick-evenly.ts';

const sampleCount = 16;

/** Which images the samples are of, as the page's address says it: the one that is previewed, those of a class, or all. */
export type Sheet = 'image' | 'all' | `class-${string}`;

/** The classes of which there are images to sample. */
export function classesWithImages(
  classes: readonly DatasetClass[],
  images: readonly DatasetImage[],
): readonly DatasetClass[] {
  const used = new Set(images.map(({ classId }) => classId));
  return classes.filter(({ id }) => used.has(id));
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
  readonly image: DatasetImage;
  readonly images: readonly DatasetImage[];
  readonly part: PipelinePart;
  /** Another round takes others, until all had their turn. */
  readonly round: number;
}

/** The image of each sample, 16 at most; evaluation does the same to an image each time, so there it comes once. */
export function sheetImages(sheet: Sheet, { image, images, part, round }: Choice): readonly ImageId[] {
  if (sheet === 'image') return Array<ImageId>(part === 'training' ? sampleCount : 1).fill(image.id);
  const all = sheet === 'all' ? images : images.filter(({ classId }) => sheet === `class-${String(classId)}`);
  const start = round % Math.ceil(all.length / sampleCount);
  return pickEvenly([...all.slice(start), ...all.slice(0, start)], sampleCount).map(({ id }) => id);
}
