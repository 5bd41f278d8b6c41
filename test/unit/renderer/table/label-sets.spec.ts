import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DatasetImage } from '../../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../../src-shared/domain/ids.ts';
import { openProjectDatabase } from '../../../../src-main/storage/project-database.ts';
import { readDatasetFrames } from '../../../../src-renderer/client/dataset-frames.ts';
import type { ImageSource } from '../../../../src-renderer/state/order/image-facets.ts';
import { ImageList } from '../../../../src-renderer/state/order/image-list.ts';
import { showChange, type ImageChange } from '../../../../src-renderer/state/shown-change.ts';
import { ImageTable } from '../../../../src-renderer/state/table/image-table.ts';
import {
  classesOf,
  countByClass,
  countInRows,
  labelTextOf,
  withClass,
} from '../../../../src-renderer/state/table/label-sets.ts';
import { datasetBytes } from '../../../support/dataset-bytes.ts';
import { imageIdOf, newImage } from '../../../support/new-images.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const at = '2026-01-01T00:00:00Z';
const lists = [['car', 'tree'], ['tree'], [], null, ['car']];

/** A multi-label project and the table that a page makes of it. */
async function open() {
  const database = openProjectDatabase(path.join(temporaryFolder(), 'project.sqlite'), 'write');
  onTestFinished(() => database.close());
  const { dataset } = database;
  dataset.addImages(
    lists.map((classNames, index) => newImage(index, null, { classNames })),
    at,
  );
  const table = new ImageTable();
  for await (const frame of readDatasetFrames(datasetBytes(dataset.read())))
    if (frame.kind === 'block') table.put(frame.block);
  const [car, tree] = dataset.read().classes.map(({ id }) => id);
  if (car === undefined || tree === undefined) throw new Error('Expected two classes');
  return { dataset, table, car, tree };
}

function labelsOf({ count, columns }: ImageTable): readonly (readonly ClassId[] | null)[] {
  return Array.from({ length: count }, (_, row) => classesOf(columns.labels.at(row)));
}

function labelsInCore(images: readonly DatasetImage[]): readonly (readonly ClassId[] | null)[] {
  return images.map(({ classIds }) => classIds ?? null);
}

describe('the labels of several classes in the page', () => {
  it('are those of core, and are counted for each of their classes', async () => {
    const { dataset, table, car, tree } = await open();
    expect(labelsOf(table)).toEqual(labelsInCore(dataset.read().images));
    expect(table.image(0)).toMatchObject({ classId: null, classIds: [car, tree] });
    expect(table.image(3)).not.toHaveProperty('classIds');
    expect(Object.fromEntries(countByClass(table.columns.labels))).toEqual({ [car]: 2, [tree]: 2 });
    expect(Object.fromEntries(countInRows(table.columns.labels, Uint32Array.of(0, 1, 2)))).toEqual({
      [car]: 1,
      [tree]: 2,
    });
  });

  it('change at once as core changes them, and are taken back', async () => {
    const { dataset, table, car, tree } = await open();
    const rows = Uint32Array.from(lists.keys());
    const ids = lists.map((_, index) => imageIdOf(index));
    dataset.setMark(ids, 'unsure', at);
    const before = labelsOf(table);
    const changes: readonly (readonly [ImageChange, () => unknown])[] = [
      [{ what: 'class', classId: car, isOn: true }, () => dataset.labelSets.putClass(ids, car, true, at)],
      [{ what: 'class', classId: tree, isOn: false }, () => dataset.labelSets.putClass(ids, tree, false, at)],
      [{ what: 'class', classId: car, isOn: false }, () => dataset.labelSets.putClass(ids, car, false, at)],
      [{ what: 'labels', classIds: [] }, () => dataset.labelSets.setLabels(ids, [], at)],
      [{ what: 'class', classId: car, isOn: false }, () => dataset.labelSets.putClass(ids, car, false, at)],
      [{ what: 'labels', classIds: [tree, car] }, () => dataset.labelSets.setLabels(ids, [tree, car], at)],
      [{ what: 'labels', classIds: null }, () => dataset.labelSets.setLabels(ids, null, at)],
    ];
    const takeBacks = changes.map(([change, inCore]) => {
      const takeBack = showChange(table, rows, change);
      inCore();
      expect(labelsOf(table)).toEqual(labelsInCore(dataset.read().images));
      return takeBack;
    });
    for (const takeBack of takeBacks.toReversed()) takeBack();
    expect(labelsOf(table)).toEqual(before);
  });

  it('are filtered by any of their classes, by none of them, and by whether they are labelled', async () => {
    const { table, car, tree } = await open();
    const source: ImageSource = {
      ...{ table, isMultiLabel: true, version: '', orderOf: () => null },
      compareNames: (a, b) => a.localeCompare(b),
    };
    const list = new ImageList();
    const shown = (query: Record<string, string>): readonly number[] => [...list.rows(source, query)];
    expect(shown({ class: car })).toEqual([0, 4]);
    expect(shown({ class: `${car},${tree}` })).toEqual([0, 1, 4]);
    expect(shown({ class: 'none' })).toEqual([2]);
    expect(shown({ class: `${tree},none` })).toEqual([0, 1, 2]);
    expect(shown({ label: 'yes' })).toEqual([0, 1, 2, 4]);
    expect(shown({ label: 'no' })).toEqual([3]);
    showChange(table, Uint32Array.of(3), { what: 'class', classId: car, isOn: true });
    expect(shown({ class: car })).toEqual([0, 3, 4]);
  });
});

it('a list is written as core writes it, and is not “none” for losing its last class', () => {
  const [first, second] = ['class-10', 'class-2'] as ClassId[];
  if (first === undefined || second === undefined) throw new Error('Expected two ids');
  expect(labelTextOf([second, first, second])).toBe('["class-10","class-2"]');
  expect(withClass('["class-2"]', second, false)).toBeNull();
  expect(withClass('[]', second, false)).toBe('[]');
  expect(withClass(null, second, true)).toBe('["class-2"]');
});
