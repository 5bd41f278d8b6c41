import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openProjectDatabase } from '../../../src-main/storage/project-database.ts';
import { imageIdOf, newImage } from '../../support/new-images.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const facts = {
  ...{ hash: null, sketch: null, brightness: null, contrast: null, highlight: null, shadow: null },
  ...{ sharpness: null, colorfulness: null, captured_at: null },
};

it('names the images that were not looked at in this version, from a number on', () => {
  const database = openProjectDatabase(path.join(temporaryFolder(), 'project.sqlite'), 'write');
  onTestFinished(() => database.close());
  database.dataset.addImages(
    [0, 1, 2, 3].map((number) => newImage(number, null)),
    '2026-03-04T05:06:07.000Z',
  );
  const { quality } = database;
  const numbers = quality.unmeasured(1, 9).map(({ number }) => number);
  expect(quality.unmeasured(1, 9).map(({ id }) => id)).toEqual([0, 1, 2, 3].map(imageIdOf));
  quality.saveFacts(1, [{ number: numbers[1]!, facts }]);
  expect(quality.unmeasured(1, 2).map(({ id }) => id)).toEqual([imageIdOf(0), imageIdOf(2)]);
  expect(quality.unmeasured(1, 9, numbers[2]).map(({ id }) => id)).toEqual([imageIdOf(3)]);
  expect(quality.unmeasured(2, 9, numbers[0]).map(({ id }) => id)).toEqual([1, 2, 3].map(imageIdOf));
});
