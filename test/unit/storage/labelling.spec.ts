import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import type { DatasetStore } from '../../../src-main/storage/dataset-store.ts';
import { openProjectDatabase } from '../../../src-main/storage/project-database.ts';
import { imageIdOf, newImage } from '../../support/new-images.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const at = (minute: number): string => `2026-01-01T00:0${minute}:00Z`;

function storeWith(classNames: readonly (string | null)[]): DatasetStore {
  const database = openProjectDatabase(path.join(temporaryFolder(), 'project.sqlite'), 'write');
  onTestFinished(() => database.close());
  database.dataset.addImages(
    classNames.map((name, index) => newImage(index, name)),
    at(0),
  );
  return database.dataset;
}

function classNamed(dataset: DatasetStore, name: string): ClassId {
  const found = dataset.read().classes.find((one) => one.name === name);
  if (!found) throw new Error(`Expected a class ${name}`);
  return found.id;
}

describe('marks', () => {
  it('go when a class is set, in the same edit, and stay when a label is cleared', () => {
    const dataset = storeWith(['cat', 'dog']);
    const image = imageIdOf(0);
    dataset.setMark([image], 'skip', at(1));
    expect(dataset.setLabel([image], null, at(2))).toMatchObject({ changed: 1 });
    expect([...dataset.skippedImages()]).toEqual([image]);
    expect(dataset.setLabel([image], classNamed(dataset, 'dog'), at(3))).toMatchObject({ changed: 1 });
    expect([...dataset.skippedImages()]).toEqual([]);
    dataset.undo();
    expect([...dataset.skippedImages()]).toEqual([image]);
    expect(dataset.read().undo).toMatchObject({ kind: 'clear-label' });
  });

  it('count as a change also where the class is there already', () => {
    const dataset = storeWith(['cat', 'dog']);
    const [cat, image] = [classNamed(dataset, 'cat'), imageIdOf(0)];
    dataset.setMark([image], 'unsure', at(1));
    expect(dataset.setMark([image], 'unsure', at(1))).toMatchObject({ changed: 0 });
    expect(dataset.setLabel([image], cat, at(2))).toMatchObject({ changed: 1 });
    expect(dataset.setLabel([image], cat, at(3))).toMatchObject({ changed: 0 });
  });
});

describe('the history of an image', () => {
  it('tells who, when, from and to, latest first, and nothing that was undone', () => {
    const dataset = storeWith(['cat', 'dog']);
    const image = imageIdOf(0);
    dataset.setLabel([image], classNamed(dataset, 'dog'), at(1), 'model');
    dataset.setMark([image], 'unsure', at(2));
    dataset.tags.change([image], { add: ['blurry'], remove: [] }, at(3));
    dataset.shareOut(new Map([[image, 'test']]), { validation: 0, test: 0.5, seed: 2 }, at(4));
    dataset.trash.put([image], at(5));
    dataset.undo();
    const dog = { id: classNamed(dataset, 'dog'), name: 'dog', isThere: true };
    const cat = { id: classNamed(dataset, 'cat'), name: 'cat', isThere: true };
    expect(dataset.history.list(image).map(({ edit: _edit, ...rest }) => rest)).toEqual([
      ...[
        ['share-out', 'person', 4, [{ what: 'split', from: 'training', to: 'test' }], false],
        ['change-tags', 'person', 3, [{ what: 'tag', tag: 'blurry', isAdded: true }], true],
        ['set-mark', 'person', 2, [{ what: 'mark', from: null, to: 'unsure' }], true],
        ['set-label', 'model', 1, [{ what: 'class', from: cat, to: dog }], true],
      ].map(([kind, by, minute, changes, canRestore]) => ({ kind, by, at: at(Number(minute)), changes, canRestore })),
      {
        kind: 'import',
        by: 'import',
        at: at(0),
        changes: [
          { what: 'class', from: null, to: cat },
          { what: 'split', from: null, to: 'training' },
        ],
        canRestore: true,
      },
    ]);
  });

  it('brings any earlier state back as an edit that can be undone', () => {
    const dataset = storeWith(['cat', 'dog']);
    const image = imageIdOf(0);
    dataset.setLabel([image], classNamed(dataset, 'dog'), at(1));
    dataset.tags.change([image], { add: ['blurry'], remove: [] }, at(2));
    dataset.setMark([image], 'skip', at(3));
    const [, tagged] = dataset.history.list(image);
    dataset.history.restore(image, null, at(4));
    expect(dataset.read().images[0]).toMatchObject({ classId: classNamed(dataset, 'cat') });
    expect(dataset.tags.counts()).toEqual([]);
    expect(dataset.history.list(image)[0]).toMatchObject({ kind: 'restore-state', canRestore: false });
    dataset.history.restore(image, tagged?.edit ?? null, at(5));
    expect(dataset.read().images[0]).toMatchObject({ classId: classNamed(dataset, 'dog') });
    expect(dataset.tags.counts()).toEqual([{ tag: 'blurry', count: 1 }]);
    expect(dataset.skippedImages().size).toBe(0);
    dataset.undo();
    dataset.undo();
    expect(dataset.skippedImages().size).toBe(1);
  });

  it('names a class that is gone, and refuses the state that needs it', () => {
    const dataset = storeWith(['cat', 'dog']);
    const [image, cat] = [imageIdOf(0), classNamed(dataset, 'cat')];
    dataset.renameClass(cat, 'kitten', at(1));
    dataset.mergeClass(cat, classNamed(dataset, 'dog'), at(2));
    const entries = dataset.history.list(image);
    expect(entries.map(({ kind, canRestore }) => [kind, canRestore])).toEqual([
      ['merge-class', false],
      ['import', false],
    ]);
    expect(entries[0]?.changes).toMatchObject([{ from: { name: 'kitten', isThere: false }, to: { name: 'dog' } }]);
    expect(() => dataset.history.restore(image, null, at(3))).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(() => dataset.history.restore(image, 99, at(3))).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('is whole after more than a thousand edits, and undo goes back all the way', () => {
    const dataset = storeWith(['cat', 'dog']);
    const [cat, dog] = [classNamed(dataset, 'cat'), classNamed(dataset, 'dog')];
    for (let step = 0; step < 1100; step += 1) dataset.setLabel([imageIdOf(0)], step % 2 === 0 ? dog : cat, at(1));
    expect(dataset.history.list(imageIdOf(0))).toHaveLength(1101);
    for (let step = 0; step < 1100; step += 1) dataset.undo();
    expect(dataset.read()).toMatchObject({ undo: null, images: [{ classId: cat }, { classId: dog }] });
  });

  it('says from whom the labels are', () => {
    const dataset = storeWith(['cat', 'dog', 'dog', null, 'cat']);
    const dog = classNamed(dataset, 'dog');
    dataset.setLabel([imageIdOf(3)], dog, at(1), 'model');
    dataset.setLabel([imageIdOf(0)], dog, at(2));
    dataset.setMark([imageIdOf(1)], 'unsure', at(3));
    dataset.trash.put([imageIdOf(4)], at(4));
    expect(dataset.labelOrigins()).toEqual({ import: 2, person: 1, model: 1 });
  });
});

describe('classes', () => {
  it('become one by one edit, which brings both back with their images', () => {
    const dataset = storeWith(['cat', 'dog', 'dog', 'emu']);
    const before = dataset.read();
    dataset.mergeClass(classNamed(dataset, 'dog'), classNamed(dataset, 'cat'), at(1));
    expect(dataset.read()).toMatchObject({
      undo: { kind: 'merge-class', imageCount: 2, className: 'dog', detail: 'cat' },
      classes: [{ name: 'cat' }, { name: 'emu' }],
    });
    dataset.undo();
    expect(dataset.read()).toMatchObject({ classes: before.classes, images: before.images });
    expect(() => dataset.mergeClass(classNamed(dataset, 'dog'), classNamed(dataset, 'dog'), at(2))).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });

  it('give their images to another class when they are deleted, those in the trash too', () => {
    const dataset = storeWith(['cat', 'dog', 'dog']);
    const cat = classNamed(dataset, 'cat');
    dataset.trash.put([imageIdOf(2)], at(1));
    dataset.deleteClass(classNamed(dataset, 'dog'), at(2), cat);
    dataset.trash.restore([imageIdOf(2)], at(3));
    expect(dataset.read().images.map(({ classId }) => classId)).toEqual([cat, cat, cat]);
  });

  it('keep their colour whatever their order, and a key belongs to one', () => {
    const dataset = storeWith(['cat', 'dog', 'emu']);
    const [cat, dog, emu] = dataset.read().classes.map(({ id }) => id) as [ClassId, ClassId, ClassId];
    dataset.changeClass(cat, { key: 'A', description: 'small' }, at(1));
    dataset.changeClass(dog, { color: 9 }, at(2));
    dataset.orderClasses([emu, dog, cat], at(3));
    dataset.changeClass(emu, { key: 'A' }, at(4));
    const shown = dataset
      .read()
      .classes.map(({ name, color, isColorChosen, key }) => [name, color, isColorChosen, key]);
    expect(shown).toEqual([
      ['emu', 3, false, 'A'],
      ['dog', 9, true, null],
      ['cat', 1, false, null],
    ]);
    expect(() => dataset.orderClasses([emu, dog], at(5))).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(() => dataset.orderClasses([emu, dog, dog], at(5))).toThrow(expect.objectContaining({ code: 'conflict' }));
    dataset.undo();
    expect(dataset.read().classes.map(({ key }) => key)).toEqual([null, null, 'A']);
  });
});

describe('the trash', () => {
  it('takes images out of counts, splits and cover, and lets them be looked at', () => {
    const dataset = storeWith(['cat', 'dog']);
    dataset.trash.put([imageIdOf(0)], at(1));
    expect(dataset.read().images.map(({ id }) => id)).toEqual([imageIdOf(1)]);
    expect(dataset.counts()).toEqual({ images: 1, classes: 2 });
    expect(dataset.cover(3)).toEqual([imageIdOf(1)]);
    expect(dataset.pool().images).toHaveLength(1);
    expect(dataset.image(imageIdOf(0))).toMatchObject({ fileName: '0.png' });
    expect(dataset.hasImage(imageIdOf(0))).toBe(true);
    expect(dataset.trash.list()).toMatchObject([{ id: imageIdOf(0), trashedAt: at(1) }]);
    for (const change of [
      () => dataset.setLabel([imageIdOf(0)], null, at(2)),
      () => dataset.setMark([imageIdOf(0)], 'skip', at(2)),
      () => dataset.trash.put([imageIdOf(0)], at(2)),
      () => dataset.trash.restore([imageIdOf(1)], at(2)),
    ]) {
      expect(change).toThrow(expect.objectContaining({ code: 'not-found' }));
    }
  });

  it('forgets an emptied image in every edit, and takes the image in again when it is imported anew', () => {
    const dataset = storeWith(['cat', 'cat', 'dog']);
    const [cat, dog] = [classNamed(dataset, 'cat'), classNamed(dataset, 'dog')];
    dataset.setLabel([imageIdOf(0), imageIdOf(1)], dog, at(1));
    dataset.setMark([imageIdOf(0)], 'skip', at(2));
    dataset.trash.put([imageIdOf(0)], at(3));
    expect(dataset.trash.forget(10, at(4))).toBe(1);
    expect(dataset.trash.filesLeft()).toEqual([{ id: imageIdOf(0), format: 'png' }]);
    expect(dataset.read().undo).toMatchObject({ kind: 'set-label', imageCount: 1 });
    dataset.addImages([newImage(0, 'cat')], at(5));
    expect(dataset.trash.filesLeft()).toEqual([]);
    expect(dataset.history.list(imageIdOf(0))).toMatchObject([{ kind: 'import', at: at(5) }]);
    expect(dataset.read().images.map(({ classId }) => classId)).toEqual([dog, dog, cat]);
  });
});
