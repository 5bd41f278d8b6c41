import path from 'node:path';
import { onTestFinished } from 'vitest';
import { streamDataset } from '../../src-main/services/dataset/dataset-stream.ts';
import { openProjectDatabase } from '../../src-main/storage/project-database.ts';
import { readDatasetFrames } from '../../src-renderer/client/dataset-frames.ts';
import { ImageTable } from '../../src-renderer/state/table/image-table.ts';
import type { DatasetClass } from '../../src-shared/domain/dataset.ts';
import { newImage } from './new-images.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The page's table of a new dataset that has images of these classes, numbered from 0, and the classes. */
export async function tableOfClasses(
  classNames: readonly (string | null)[],
): Promise<{ readonly table: ImageTable; readonly classes: readonly DatasetClass[] }> {
  const database = openProjectDatabase(path.join(temporaryFolder(), 'project.sqlite'), 'write');
  onTestFinished(() => database.close());
  const images = classNames.map((name, number) => newImage(number, name));
  database.dataset.addImages(images, '2026-03-04T05:06:07.000Z');
  const table = new ImageTable();
  for await (const frame of readDatasetFrames(streamDataset({ database }, null))) {
    if (frame.kind === 'block') table.put(frame.block);
  }
  return { table, classes: database.dataset.read().classes };
}
