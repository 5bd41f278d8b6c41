import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Dataset } from '../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../src-main/storage/project-database.ts';
import { rarestOf, toLabels } from '../../../src-main/storage/dataset/label-sets.ts';
import { imageIdOf, newImage } from '../../support/new-images.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const at = '2026-01-01T00:00:00Z';
const [first, second, third] = [imageIdOf(0), imageIdOf(1), imageIdOf(2)];

type Names = readonly string[] | null;

function withImages(images: readonly Names[]): { file: string; database: ProjectDatabase } {
  const file = path.join(temporaryFolder(), 'project.sqlite');
  const database = openProjectDatabase(file, 'write');
  onTestFinished(() => database.close());
  database.dataset.addImages(
    images.map((classNames, index) => newImage(index, null, { classNames })),
    at,
  );
  return { file, database };
}

/** The class names of every image, in order; null for one that is not labelled. */
function labels({ classes, images }: Dataset): readonly Names[] {
  const nameOf = (id: ClassId): string => classes.find((one) => one.id === id)?.name ?? '';
  return images.map(({ classIds }) => classIds?.map(nameOf).toSorted() ?? null);
}

function classNamed({ classes }: Dataset, name: string): ClassId {
  const found = classes.find((item) => item.name === name);
  if (!found) throw new Error(`Expected a class ${name}`);
  return found.id;
}

describe('the classes of images of a multi-label project', () => {
  it('come with an import, several an image, and “none of them” is not “not labelled”', () => {
    const { dataset } = withImages([['cat', 'dog'], ['dog'], [], null]).database;
    expect(labels(dataset.read())).toEqual([['cat', 'dog'], ['dog'], [], null]);
    expect(dataset.read().images.map(({ classId }) => classId)).toEqual([null, null, null, null]);
    expect(dataset.labelOrigins()).toEqual({ import: 3, person: 0, model: 0 });
  });

  it('are put on and taken off one at a time, with undo and redo over a restart', () => {
    const { file, database } = withImages([['cat'], null, ['cat', 'dog']]);
    const { dataset } = database;
    const dog = classNamed(dataset.read(), 'dog');
    expect(dataset.labelSets.putClass([first, second, third], dog, true, at)).toEqual({ revision: 2, changed: 2 });
    expect(labels(dataset.read())).toEqual([['cat', 'dog'], ['dog'], ['cat', 'dog']]);
    expect(dataset.labelSets.putClass([second, third], dog, false, at)).toEqual({ revision: 3, changed: 2 });
    expect(labels(dataset.read())).toEqual([['cat', 'dog'], null, ['cat']]);
    expect(dataset.labelOrigins()).toEqual({ import: 0, person: 2, model: 0 });
    dataset.undo();
    database.close();

    const reopened = openProjectDatabase(file, 'write');
    onTestFinished(() => reopened.close());
    expect(labels(reopened.dataset.read())).toEqual([['cat', 'dog'], ['dog'], ['cat', 'dog']]);
    expect(reopened.dataset.read()).toMatchObject({
      undo: { kind: 'put-class', imageCount: 2, className: 'dog' },
      redo: { kind: 'take-class', imageCount: 2, className: 'dog' },
    });
    reopened.dataset.redo();
    expect(labels(reopened.dataset.read())).toEqual([['cat', 'dog'], null, ['cat']]);
    reopened.dataset.undo();
    reopened.dataset.undo();
    expect(labels(reopened.dataset.read())).toEqual([['cat'], null, ['cat', 'dog']]);
  });

  it('are set as a whole, take the mark away, and unchanged ones are no edit', () => {
    const { dataset } = withImages([['cat'], null]).database;
    const cat = classNamed(dataset.read(), 'cat');
    dataset.setMark([first, second], 'unsure', at);
    expect(dataset.labelSets.setLabels([first, second], [], at).changed).toBe(2);
    expect(labels(dataset.read())).toEqual([[], []]);
    expect(dataset.history.list(second)[0]?.changes).toEqual([
      { what: 'labels', from: null, to: [] },
      { what: 'mark', from: 'unsure', to: null },
    ]);
    const { revision } = dataset.read();
    expect(dataset.labelSets.setLabels([first], [], at)).toEqual({ revision, changed: 0 });
    dataset.labelSets.setLabels([first], [cat, cat], at);
    dataset.labelSets.setLabels([second], null, at);
    expect(labels(dataset.read())).toEqual([['cat'], null]);
    dataset.undo();
    dataset.undo();
    dataset.undo();
    expect(labels(dataset.read())).toEqual([['cat'], null]);
    expect(dataset.read().redo?.kind).toBe('set-labels');
  });

  it('go with a deleted class and come back with it; a merged one is not there twice', () => {
    const { dataset } = withImages([['cat', 'dog'], ['dog'], ['cat', 'emu']]).database;
    const [cat, dog] = [classNamed(dataset.read(), 'cat'), classNamed(dataset.read(), 'dog')];
    dataset.deleteClass(dog, at);
    expect(labels(dataset.read())).toEqual([['cat'], null, ['cat', 'emu']]);
    dataset.undo();
    expect(labels(dataset.read())).toEqual([['cat', 'dog'], ['dog'], ['cat', 'emu']]);
    dataset.mergeClass(dog, cat, at);
    expect(labels(dataset.read())).toEqual([['cat'], ['cat'], ['cat', 'emu']]);
    dataset.undo();
    expect(labels(dataset.read())).toEqual([['cat', 'dog'], ['dog'], ['cat', 'emu']]);
  });

  it('have a history from which an earlier state comes back, while its classes are there', () => {
    const { dataset } = withImages([['cat', 'dog']]).database;
    const dog = classNamed(dataset.read(), 'dog');
    dataset.labelSets.putClass([first], dog, false, at);
    const [latest, came] = dataset.history.list(first);
    expect(latest).toMatchObject({
      kind: 'take-class',
      changes: [{ what: 'labels', from: [{ name: 'cat' }, { name: 'dog' }], to: [{ name: 'cat' }] }],
    });
    expect(came).toMatchObject({ kind: 'import', canRestore: true, changes: [{ what: 'labels' }, { what: 'split' }] });
    dataset.history.restore(first, null, at);
    expect(labels(dataset.read())).toEqual([['cat', 'dog']]);
    dataset.undo();
    dataset.deleteClass(dog, at);
    expect(dataset.history.list(first).at(-1)).toMatchObject({ kind: 'import', canRestore: false });
    expect(() => dataset.history.restore(first, null, at)).toThrow(/“dog”/);
  });

  it('are those of a list where it names images that are there, as one edit', () => {
    const { dataset } = withImages([['cat'], null, ['dog']]).database;
    const { changed, classesAdded } = dataset.relabel(
      [
        { id: first, className: null, classNames: ['emu', 'cat'], split: 'test' },
        { id: second, className: null, classNames: [], split: null },
        { id: third, className: null, classNames: null, split: null },
      ],
      at,
    );
    expect({ changed, classesAdded }).toEqual({ changed: 2, classesAdded: 1 });
    expect(labels(dataset.read())).toEqual([['cat', 'emu'], [], ['dog']]);
    dataset.undo();
    expect(labels(dataset.read())).toEqual([['cat'], null, ['dog']]);
  });

  it('are forgotten with an image that is deleted for good', () => {
    const { dataset } = withImages([['cat'], ['cat']]).database;
    dataset.labelSets.setLabels([first], [], at);
    dataset.trash.put([first], at);
    dataset.trash.forget(10, at);
    expect(labels(dataset.read())).toEqual([['cat']]);
    expect(dataset.read().undo).toBeNull();
  });

  it('count in a share-out as the rarest of them', () => {
    const { dataset } = withImages([['cat', 'dog'], ['cat'], ['cat', 'dog', 'emu'], [], null]).database;
    const { classes } = dataset.read();
    const nameOf = (id: ClassId | null): string | null => classes.find((one) => one.id === id)?.name ?? null;
    expect(dataset.pool().images.map(({ classId }) => nameOf(classId))).toEqual(['dog', 'cat', 'emu', null, null]);
  });
});

it('the rarest of equally rare classes is the first', () => {
  const [a, b] = ['class-1', 'class-2'] as ClassId[];
  if (a === undefined || b === undefined) throw new Error('Expected two classes');
  const both = toLabels([b, a]);
  expect(both).toBe('["class-1","class-2"]');
  expect(rarestOf([both])(both)).toBe(a);
  expect(rarestOf([both, toLabels([a])])(both)).toBe(b);
});
