import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Dataset } from '../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../src-main/storage/project-database.ts';
import { imageIdOf, newImage } from '../../support/new-images.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const at = '2026-01-01T00:00:00Z';

function databaseFile(): string {
  return path.join(temporaryFolder(), 'project.sqlite');
}

function open(file: string): ProjectDatabase {
  const database = openProjectDatabase(file, 'write');
  onTestFinished(() => database.close());
  return database;
}

function withImages(classNames: readonly (string | null)[]): { file: string; database: ProjectDatabase } {
  const file = databaseFile();
  const database = open(file);
  database.dataset.addImages(
    classNames.map((name, index) => newImage(index, name)),
    at,
  );
  return { file, database };
}

/** The class name of every image, in order; null without a label. */
function labels({ classes, images }: Dataset): readonly (string | null)[] {
  return images.map(({ classId }) => classes.find(({ id }) => id === classId)?.name ?? null);
}

function classNamed({ classes }: Dataset, name: string): ClassId {
  const found = classes.find((item) => item.name === name);
  if (!found) throw new Error(`Expected a class ${name}`);
  return found.id;
}

describe('the dataset of a project', () => {
  it('keeps labels, undo and redo over a restart', () => {
    const { file, database } = withImages(['cat', 'dog', null]);
    const { dataset } = database;
    const dog = classNamed(dataset.read(), 'dog');
    expect(dataset.setLabel([imageIdOf(0), imageIdOf(2)], dog, at)).toEqual({ revision: 2, changed: 2 });
    expect(dataset.setLabel([imageIdOf(1)], null, at)).toEqual({ revision: 3, changed: 1 });
    dataset.undo();
    database.close();

    const reopened = open(file).dataset;
    expect(labels(reopened.read())).toEqual(['dog', 'dog', 'dog']);
    expect(reopened.read()).toMatchObject({
      undo: { kind: 'set-label', imageCount: 2, className: 'dog' },
      redo: { kind: 'clear-label', imageCount: 1, className: null },
    });
    reopened.redo();
    expect(labels(reopened.read())).toEqual(['dog', null, 'dog']);
    reopened.undo();
    reopened.undo();
    expect(labels(reopened.read())).toEqual(['cat', 'dog', null]);
    expect(() => reopened.undo()).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('gives a deleted class back with its images, name and place', () => {
    const { dataset } = withImages(['cat', 'dog', 'dog', 'emu']).database;
    const before = dataset.read();
    dataset.renameClass(classNamed(before, 'dog'), 'hound', at);
    dataset.deleteClass(classNamed(before, 'dog'), at);
    expect(labels(dataset.read())).toEqual(['cat', null, null, 'emu']);
    dataset.undo();
    expect(labels(dataset.read())).toEqual(['cat', 'hound', 'hound', 'emu']);
    dataset.undo();
    expect(dataset.read()).toMatchObject({ classes: before.classes, images: before.images });
    dataset.redo();
    dataset.redo();
    expect(labels(dataset.read())).toEqual(['cat', null, null, 'emu']);
  });

  it('keeps the labels that an import brought when the adding of their class would be undone', () => {
    const { dataset } = withImages(['cat']).database;
    dataset.addClass('dog', at);
    dataset.addImages([newImage(7, 'dog')], at);
    expect(dataset.read().undo).toBeNull();
    expect(labels(dataset.read())).toEqual(['cat', 'dog']);
  });

  it('takes a class back under another name when an import used its name meanwhile', () => {
    const { dataset } = withImages(['cat']).database;
    dataset.deleteClass(classNamed(dataset.read(), 'cat'), at);
    dataset.addImages([newImage(7, 'cat')], at);
    dataset.undo();
    expect(labels(dataset.read())).toEqual(['cat (2)', 'cat']);
  });

  it('forgets what was undone once something new is done, and does nothing for a label that is there already', () => {
    const { dataset } = withImages(['cat', 'dog']).database;
    const cat = classNamed(dataset.read(), 'cat');
    dataset.setLabel([imageIdOf(1)], cat, at);
    dataset.undo();
    expect(dataset.setLabel([imageIdOf(0)], cat, at)).toEqual({ revision: 3, changed: 0 });
    expect(dataset.read().redo).not.toBeNull();
    dataset.setLabel([imageIdOf(0)], null, at);
    expect(() => dataset.redo()).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('refuses unknown images, unknown classes and names that are taken, and changes nothing', () => {
    const { dataset } = withImages(['cat', 'dog']).database;
    const before = dataset.read();
    const cat = classNamed(before, 'cat');
    expect(() => dataset.setLabel([imageIdOf(0), imageIdOf(99)], cat, at)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    expect(() => dataset.setLabel([imageIdOf(0)], 'class-77' as ClassId, at)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    expect(() => dataset.addClass('dog', at)).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(() => dataset.renameClass(cat, 'dog', at)).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(dataset.read()).toEqual(before);
  });

  it('undoes a share-out with its ratios', () => {
    const { dataset } = withImages(Array.from({ length: 10 }, () => 'cat')).database;
    const before = dataset.read();
    const ratios = { validation: 0.2, test: 0, seed: 5 };
    dataset.shareOut(
      new Map([
        [imageIdOf(3), 'validation'],
        [imageIdOf(4), 'validation'],
        [imageIdOf(5), 'training'],
      ]),
      ratios,
      at,
    );
    expect(
      dataset
        .read()
        .images.filter(({ split }) => split === 'validation')
        .map(({ id }) => id),
    ).toEqual([imageIdOf(3), imageIdOf(4)]);
    expect(dataset.read()).toMatchObject({ splitRatios: ratios, undo: { kind: 'share-out', imageCount: 2 } });
    dataset.undo();
    expect(dataset.read()).toMatchObject({ images: before.images, splitRatios: before.splitRatios });
  });

  it('stays quick with 300 classes and 100,000 images', () => {
    const { dataset } = open(databaseFile());
    const images = Array.from({ length: 100_000 }, (_, index) => newImage(index, `class ${index % 300}`));
    for (let start = 0; start < images.length; start += 20_000)
      dataset.addImages(images.slice(start, start + 20_000), at);
    const classes = dataset.read().classes;
    expect(classes).toHaveLength(300);
    const timesMs = Array.from({ length: 100 }, (_, step) => {
      const startMs = performance.now();
      dataset.setLabel([imageIdOf(step * 997)], classes[(step * 7 + 1) % 300]!.id, at);
      return performance.now() - startMs;
    }).sort((a, b) => a - b);
    // A frame is 16 ms; measured 1 to 3 ms. The median, as a disk that others use holds up single ones.
    expect(timesMs[50]).toBeLessThan(16);
    const startMs = performance.now();
    dataset.setLabel(
      images.map(({ id }) => id),
      classes[0]!.id,
      at,
    );
    dataset.undo();
    expect(performance.now() - startMs).toBeLessThan(8000);
  }, 60_000);
});
