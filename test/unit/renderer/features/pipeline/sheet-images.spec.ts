import { describe, expect, it } from 'vitest';
import { findSheet, sheetImages, sheetOfClass } from '../../../../../src-renderer/features/pipeline/sheet-images.ts';
import { tableOfClasses } from '../../../../support/image-table.ts';
import { imageIdOf } from '../../../../support/new-images.ts';

/** 40 images, of which every fourth is a dog. */
const names = Array.from({ length: 40 }, (_, number) => (number % 4 === 0 ? 'dog' : 'cat'));
const imageId = imageIdOf(3);

describe('a sheet of samples', () => {
  it('has the previewed image sixteen times in training, and once in evaluation', async () => {
    const { table } = await tableOfClasses(names);
    const sheet = { imageId, table, round: 0 };
    expect(sheetImages('image', { ...sheet, part: 'training' })).toEqual(Array.from({ length: 16 }, () => imageId));
    expect(sheetImages('image', { ...sheet, part: 'evaluation' })).toEqual([imageId]);
  });

  it('has sixteen different images of all, others in the next round, and then the first again', async () => {
    const { table } = await tableOfClasses(names);
    const idsIn = (round: number) => sheetImages('all', { imageId, table, part: 'training', round });
    const rounds = [0, 1, 2].map(idsIn);
    expect(rounds.map((ids) => new Set(ids).size)).toEqual([16, 16, 16]);
    expect(new Set(rounds.flat()).size).toBeGreaterThan(32);
    expect(idsIn(3)).toEqual(rounds[0]);
  });

  it('has the images of a class alone, as many as there are', async () => {
    const { table, classes } = await tableOfClasses(names);
    const dogs = classes.find(({ name }) => name === 'dog')!;
    const ids = sheetImages(sheetOfClass(dogs), { imageId, table, part: 'evaluation', round: 0 });
    expect(ids).toEqual(Array.from({ length: 10 }, (_, index) => imageIdOf(index * 4)));
  });
});

it('is that of the class that an address names, that of all, or of the image where it names nothing that there is', async () => {
  const { classes } = await tableOfClasses(names);
  const [first] = classes;
  expect(findSheet(sheetOfClass(first!), classes)).toBe(`class-${first!.id}`);
  expect(findSheet('all', classes)).toBe('all');
  expect([findSheet('class-gone', classes), findSheet(undefined, classes)]).toEqual(['image', 'image']);
});
