import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDatasetFrames } from '../../../../src-renderer/client/dataset-frames.ts';
import { writeChoices, type ImageSource } from '../../../../src-renderer/state/order/image-facets.ts';
import { ImageList, type ImageQuery } from '../../../../src-renderer/state/order/image-list.ts';
import { ImageTable } from '../../../../src-renderer/state/table/image-table.ts';
import { splits, type Dataset, type DatasetImage } from '../../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../../src-shared/domain/ids.ts';
import { datasetBytes } from '../../../support/dataset-bytes.ts';
import { imageIdOf } from '../../../support/new-images.ts';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const classIds = ['pear', 'apple', 'plum'] as ClassId[];

function image(number: number, part: Partial<DatasetImage> = {}): DatasetImage {
  const fileName = `${number}.png`;
  return {
    id: imageIdOf(number),
    fileName,
    source: fileName,
    format: 'png',
    width: 8,
    height: 6,
    sizeBytes: 99,
    classId: null,
    split: 'training',
    ...part,
  };
}

async function sourceOf(images: readonly DatasetImage[]): Promise<ImageSource> {
  const table = new ImageTable();
  const head = {
    revision: 1,
    classes: [],
    splitRatios: { validation: 0.1, test: 0.1, seed: 1 },
    undo: null,
    redo: null,
  };
  const dataset: Dataset = { ...head, images: [...images] };
  for await (const frame of readDatasetFrames(datasetBytes(dataset)))
    if (frame.kind === 'block') table.put(frame.block);
  return {
    table,
    isMultiLabel: false,
    compareNames: collator.compare,
    orderOf: (id) => {
      const order = classIds.findIndex((one) => one === id);
      return order === -1 ? null : order;
    },
    version: '',
  };
}

/** The plain way: objects, filter and sort. */
function plainly(images: readonly DatasetImage[], query: ImageQuery): readonly number[] {
  const byName = (a: DatasetImage, b: DatasetImage): number => collator.compare(a.fileName, b.fileName);
  const rank = ({ classId }: DatasetImage): number => classIds.findIndex((one) => one === classId);
  const sorts: Readonly<Record<string, (a: DatasetImage, b: DatasetImage) => number>> = {
    name: byName,
    class: (a, b) => rank(a) - rank(b) || byName(a, b),
    split: (a, b) => splits.indexOf(a.split) - splits.indexOf(b.split) || byName(a, b),
    pixels: (a, b) => b.width * b.height - a.width * a.height || byName(a, b),
    bytes: (a, b) => b.sizeBytes - a.sizeBytes || byName(a, b),
  };
  const asked = (name: string): readonly string[] => (query[name] ?? '').split(',').map(decodeURIComponent);
  const folderOf = ({ source }: DatasetImage): string => source.slice(0, Math.max(0, source.lastIndexOf('/')));
  const shown = images
    .filter((one) => !query.class || asked('class').includes(one.classId ?? 'none'))
    .filter((one) => !query.label || (query.label === 'yes') === (one.classId !== null))
    .filter((one) => !query.split || asked('split').includes(one.split))
    .filter((one) => !query.folder || asked('folder').includes(folderOf(one)))
    .filter(
      (one) => query.side !== '5-9' || (Math.min(one.width, one.height) >= 5 && Math.min(one.width, one.height) <= 9),
    )
    .filter((one) => one.fileName.toLowerCase().includes((query.name ?? '').toLowerCase()));
  const sort = sorts[query.sort ?? ''];
  const sorted = sort ? shown.toSorted(sort) : shown;
  const rows = sorted.map((one) => images.indexOf(one));
  return query.reverse === 'yes' ? rows.toReversed() : rows;
}

const anyImage = fc.record({
  fileName: fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9_.() -]{0,12}$/),
    fc.constantFrom(
      'img_2.jpg',
      'IMG_10.jpg',
      'img_0010.jpg',
      'img_00.png',
      '苹果 2.jpg',
      '苹果 10.jpg',
      'Äpfel.png',
      'Zoë 1.png',
    ),
  ),
  folder: fc.constantFrom('', 'a', 'a, b/c'),
  width: fc.integer({ min: 1, max: 12 }),
  height: fc.integer({ min: 1, max: 12 }),
  sizeBytes: fc.integer({ min: 0, max: 5_000_000_000 }),
  classId: fc.constantFrom(...classIds, null),
  split: fc.constantFrom(...splits),
});
const anyQuery: fc.Arbitrary<ImageQuery> = fc.record(
  {
    class: fc.subarray([...classIds, 'gone']).map(writeChoices),
    label: fc.constantFrom('yes', 'no', null),
    split: fc.subarray([...splits]).map(writeChoices),
    folder: fc.subarray(['a', 'a, b/c', 'gone']).map(writeChoices),
    side: fc.constantFrom('5-9', null),
    name: fc.constantFrom('', 'img', 'G_1', '.PNG', '果', 'ZOË', 'ö'),
    sort: fc.constantFrom('added', 'name', 'class', 'split', 'pixels', 'bytes', 'nonsense'),
    reverse: fc.constantFrom('yes', null),
  },
  { requiredKeys: [] },
);

describe('the rows that a query asks for', () => {
  test('are what filtering and sorting objects gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyImage, { maxLength: 90 }),
        fc.array(anyQuery, { minLength: 1, maxLength: 6 }),
        async (some, queries) => {
          const images = some.map(({ folder, ...part }, number) =>
            image(number, { ...part, source: folder === '' ? part.fileName : `${folder}/${part.fileName}` }),
          );
          const source = await sourceOf(images);
          const list = new ImageList();
          for (const query of queries)
            expect([...list.rows(source, query)], JSON.stringify(query)).toEqual(plainly(images, query));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('stay the same array when a label changes nothing about them', async () => {
    const source = await sourceOf([image(1), image(2, { classId: classIds[0] ?? null })]);
    const list = new ImageList();
    const [byName, labelled] = [{ sort: 'name' }, { label: 'yes' }];
    const before = list.rows(source, byName);
    source.table.columns.classId.set(Uint32Array.of(0), classIds[1] ?? null);
    expect(list.rows(source, byName)).toBe(before);
    expect([...list.rows(source, labelled)]).toEqual([0, 1]);
    source.table.columns.classId.set(Uint32Array.of(1), null);
    expect([...list.rows(source, labelled)]).toEqual([0]);
  });

  test('put numbers in names and characters of a language in its order', async () => {
    const names = ['10.jpg', '9.jpg', 'b.jpg', 'A.jpg', 'a.jpg', '_1.jpg', '0009.jpg', '张.jpg', '李.jpg'];
    const source = await sourceOf(names.map((fileName, number) => image(number, { fileName })));
    const chinese = new Intl.Collator('zh-CN', { numeric: true, sensitivity: 'base' });
    const rows = new ImageList().rows({ ...source, compareNames: chinese.compare }, { sort: 'name' });
    const sorted = names.toSorted(chinese.compare);
    expect(Array.from(rows, (row) => names[row])).toEqual(sorted);
  });
});
