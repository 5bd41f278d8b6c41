import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { streamDataset } from '../../../../src-main/services/dataset/dataset-stream.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../../src-main/storage/project-database.ts';
import { readDatasetFrames } from '../../../../src-renderer/client/dataset-frames.ts';
import { ImageTable, everyRow } from '../../../../src-renderer/state/table/image-table.ts';
import { splits, type DatasetImage } from '../../../../src-shared/domain/dataset.ts';
import { imageIdOf, newImage } from '../../../support/new-images.ts';
import type { ImageId } from '../../../../src-shared/domain/ids.ts';
import { imageMarks } from '../../../../src-shared/domain/image-mark.ts';
import { readModel } from '../../../support/dataset-model.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const at = '2026-03-04T05:06:07.000Z';
const classNames = ['cat', 'dog', 'bird'];

function openNew(): ProjectDatabase {
  const database = openProjectDatabase(path.join(temporaryFolder(), 'project.sqlite'), 'write');
  onTestFinished(() => database.close());
  return database;
}

/** What a page does with the stream: changes go into its table, all images into a new one. */
class Page {
  table = new ImageTable();
  revision: number | null = null;
  /** What each answer was. */
  readonly answers: string[] = [];

  async sync(database: ProjectDatabase): Promise<void> {
    let [images, isWhole] = [0, false];
    for await (const frame of readDatasetFrames(streamDataset({ database }, this.revision))) {
      if (frame.kind === 'block') {
        this.table.put(frame.block);
        images += frame.block.rowCount;
      } else {
        this.revision = frame.head.revision;
        ({ isWhole } = frame.head);
        if (isWhole) this.table = new ImageTable();
      }
    }
    this.answers.push(`${isWhole ? 'all' : 'changed'} ${images}`);
  }

  images(): readonly DatasetImage[] {
    return Array.from(everyRow(this.table), (row) => this.table.image(row));
  }
}

function countBy<Key>(images: readonly DatasetImage[], keyOf: (image: DatasetImage) => Key): ReadonlyMap<Key, number> {
  const counts = new Map<Key, number>();
  for (const image of images) counts.set(keyOf(image), (counts.get(keyOf(image)) ?? 0) + 1);
  return counts;
}

function expectSame({ table, ...page }: Page, images: readonly DatasetImage[], shown: readonly DatasetImage[]): void {
  expect(shown).toEqual(images);
  const { classId, split, folder } = table.columns;
  expect(new Map(classId.counts())).toEqual(countBy(images, (image) => image.classId));
  expect(new Map(split.counts())).toEqual(countBy(images, (image) => image.split));
  for (const [value] of folder.counts()) {
    const row = folder.example(value, table.count);
    expect([folder.at(row), table.rowOf(table.idAt(row))]).toEqual([value, row]);
  }
  expect(images.map(({ id }) => table.rowOf(id))).toEqual(images.map((_, row) => row));
  expect(table.rowOf(imageIdOf(-1))).toBe(-1);
  expect(page.revision).not.toBeNull();
}

describe('a table of images', () => {
  test('says of images what core says, whatever their names', async () => {
    const database = openNew();
    const names = ['a.png', '', 'x y.png', 'Straße ünï.png', '苹果 🍎.jpg', 'new\nline', "quo'te"];
    database.dataset.addImages(
      [
        ...names.map((fileName, index) => newImage(index, 'cat', { fileName, source: `shelf/${fileName}` })),
        newImage(90, null, { fileName: 'b.png', source: 'b.png', format: 'jpeg', sizeBytes: 6e9 }),
        newImage(91, null, { fileName: 'b.png', source: 'list of 苹果.csv#4', givenSplit: 'test' }),
      ],
      at,
    );
    const page = new Page();
    await page.sync(database);
    expectSame(page, database.dataset.read().images, page.images());
    expect(page.table.columns.addedAt.at(0)).toBe(Date.parse(at));
    expect(page.table.columns.folder.at(0)).toBe('shelf');
  });

  test('gets only what changed, and all where that is not known', async () => {
    const { dataset, ...rest } = openNew();
    const database = { dataset, ...rest };
    const page = new Page();
    dataset.addImages(
      Array.from({ length: 50 }, (_, number) => newImage(number, 'cat')),
      at,
    );
    await page.sync(database);
    await page.sync(database);
    dataset.setLabel([imageIdOf(3), imageIdOf(7)], null, at);
    dataset.addImages([newImage(60, 'dog')], at);
    await page.sync(database);
    dataset.undo();
    page.revision = 0;
    await page.sync(database);
    page.revision = -1;
    await page.sync(database);
    expect(page.answers).toEqual(['all 50', 'changed 0', 'changed 3', 'changed 51', 'all 51']);
    expectSame(page, dataset.read().images, page.images());
  });

  test('is after any edits what core has, when it was told of the changes at any time', async () => {
    const image = fc.nat({ max: 40 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), first: image, count: fc.integer({ min: 1, max: 30 }) }),
      fc.record({
        kind: fc.constant('label' as const),
        images: fc.uniqueArray(image),
        name: fc.constantFrom(...classNames, null),
      }),
      fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const, 'share-out' as const, 'sync' as const) }),
      fc.record({ kind: fc.constant('delete-class' as const), name: fc.constantFrom(...classNames) }),
      fc.record({
        kind: fc.constant('mark' as const),
        images: fc.uniqueArray(image),
        mark: fc.constantFrom(...imageMarks, null),
      }),
      fc.record({
        kind: fc.constant('tag' as const),
        images: fc.uniqueArray(image),
        tag: fc.constantFrom('blurry', 'indoors'),
      }),
      fc.record({ kind: fc.constantFrom('trash' as const, 'restore' as const), images: fc.uniqueArray(image) }),
      fc.record({ kind: fc.constant('empty-trash' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const file = path.join(temporaryFolder(), 'project.sqlite');
        const database = openProjectDatabase(file, 'write');
        const { dataset } = database;
        const page = new Page();
        const present = (numbers: readonly number[]): ImageId[] => {
          const ids = new Set(dataset.read().images.map(({ id }) => id));
          return numbers.map(imageIdOf).filter((id) => ids.has(id));
        };
        const idOf = (name: string | null): (typeof known)[number]['id'] | null =>
          known.find((one) => one.name === name)?.id ?? null;
        let known = dataset.read().classes;
        for (const one of steps) {
          known = dataset.read().classes;
          const { undo, redo } = dataset.readHead();
          if (one.kind === 'sync') await page.sync(database);
          else if (one.kind === 'undo' && undo) dataset.undo();
          else if (one.kind === 'redo' && redo) dataset.redo();
          else if (one.kind === 'add') {
            const numbers = Array.from({ length: one.count }, (_, index) => one.first + index);
            dataset.addImages(
              numbers.map((number) => newImage(number, classNames[number % 3] ?? null)),
              at,
            );
          } else if (one.kind === 'label') {
            dataset.setLabel(present(one.images), idOf(one.name), at);
          } else if (one.kind === 'mark') dataset.setMark(present(one.images), one.mark, at);
          else if (one.kind === 'tag') dataset.tags.change(present(one.images), { add: [one.tag], remove: [] }, at);
          else if (one.kind === 'trash') dataset.trash.put(present(one.images), at);
          else if (one.kind === 'empty-trash') dataset.trash.forget(100, at);
          else if (one.kind === 'restore') {
            const trashed = new Set(dataset.trash.list().map(({ id }) => id));
            const ids = one.images.map(imageIdOf).filter((id) => trashed.has(id));
            dataset.trash.restore(ids, at);
          } else if (one.kind === 'delete-class') {
            const id = idOf(one.name);
            if (id !== null) dataset.deleteClass(id, at);
          } else if (one.kind === 'share-out') {
            const placed = dataset.read().images.map(({ id }, index) => [id, splits[index % 3] ?? 'test'] as const);
            dataset.shareOut(new Map(placed), { validation: 0.3, test: 0.3, seed: 2 }, at);
          }
        }
        await page.sync(database);
        expectSame(page, dataset.read().images, page.images());
        const { mark, tags } = page.table.columns;
        const there = readModel(file).images.filter(({ isTrashed }) => !isTrashed);
        expect(there.map((_, row) => [mark.at(row), tags.at(row)])).toEqual(
          there.map((one) => [one.mark, one.tags.length === 0 ? null : one.tags.join('\n')]),
        );
        database.close();
      }),
      { numRuns: 60 },
    );
  });
});
