import { encodeBlock, encodeHead } from '../../src-main/services/dataset/encode-block.ts';
import type { Cell, ReadColumns } from '../../src-main/storage/image-reader.ts';
import type { Dataset, DatasetImage } from '../../src-shared/domain/dataset.ts';
import { imageColumns, type ImageColumnName } from '../../src-shared/domain/image-columns.ts';

/** A dataset as core sends it to a page. */
export async function* datasetBytes({ images, ...head }: Dataset, isWhole = true): AsyncGenerator<Uint8Array> {
  yield encodeHead({ ...head, isWhole, imageCount: images.length });
  if (images.length > 0) yield encodeBlock(columnsOf(images), images.length, imageColumns);
}

function columnsOf(images: readonly DatasetImage[]): ReadColumns {
  const cells: Readonly<Record<ImageColumnName, (image: DatasetImage) => Cell>> = {
    id: ({ id }) => id,
    fileName: ({ fileName }) => fileName,
    otherSource: ({ source }) => source,
    folder: ({ source }) => source.slice(0, Math.max(0, source.lastIndexOf('/'))),
    format: ({ format }) => format,
    width: ({ width }) => width,
    height: ({ height }) => height,
    sizeBytes: ({ sizeBytes }) => sizeBytes,
    addedAt: () => '2026-01-01T00:00:00Z',
    classId: ({ classId }) => classId,
    labels: ({ classIds }) => (classIds ? JSON.stringify(classIds) : null),
    split: ({ split }) => split,
    mark: () => null,
    tags: () => null,
  };
  const names = Object.keys(imageColumns) as ImageColumnName[];
  return new Map(names.map((name) => [name, images.map(cells[name])]));
}
