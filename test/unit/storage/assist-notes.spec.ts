import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openProjectDatabase } from '../../../src-main/storage/project-database.ts';
import { imageIdOf, newImage } from '../../support/new-images.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const at = '2026-01-01T00:00:00Z';

it('gives a head that learns every image but those that are left out of training', () => {
  const database = openProjectDatabase(path.join(temporaryFolder(), 'project.sqlite'), 'write');
  onTestFinished(() => database.close());
  const { dataset } = database;
  dataset.addImages(
    ['cat', 'dog', null, 'dog'].map((name, index) => newImage(index, name)),
    at,
  );
  const learned = (): unknown => dataset.assist.labelRows().map(({ id }) => id);
  dataset.setMark([imageIdOf(1), imageIdOf(2)], 'skip', at);
  dataset.setMark([imageIdOf(3)], 'unsure', at);
  expect(learned()).toEqual([imageIdOf(0), imageIdOf(3)]);
  dataset.undo();
  dataset.undo();
  expect(learned()).toEqual([0, 1, 2, 3].map(imageIdOf));
});
