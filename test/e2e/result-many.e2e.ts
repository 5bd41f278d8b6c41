import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../../src-shared/domain/dataset.ts';
import type { RunRecord } from '../../src-shared/domain/run.ts';
import { predict, saveRun } from '../support/saved-runs.ts';
import { importMany } from './many-images.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

// The result of a run with 300 classes: 90,000 cells, of which the page may hold only those in view.

const classCount = 300;
const imagesPerClass = 2;
/** A page of a few regions; a node for each cell alone would be 90,000. */
const mostNodes = 4000;

let studio: Studio;
let dataset: Dataset;
let record: RunRecord;
let address: string;

beforeAll(async () => {
  studio = await openStudio();
  const classNames = Array.from({ length: classCount }, (_, index) => `kind ${String(index).padStart(3, '0')}`);
  const project = await importMany(studio, { classNames, imagesPerClass });
  dataset = await studio.client.call('dataset.get', { projectId: project.id });
  record = await saveRun(project, dataset, {
    number: 1,
    status: 'completed',
    accuracies: [0.5, 0.8],
    predictions: dataset.images.map((image, index) => {
      const label = dataset.classes.findIndex(({ id }) => id === image.classId);
      return predict(image, { split: 'test', label, predicted: takenFor(label, index), classCount });
    }),
  });
  address = `${new URL(studio.page.url()).origin}/#/project/${project.id}/runs/${record.id}`;
});

afterAll(async () => {
  await studio.close();
});

/** Every image of kind 007 is taken for kind 123; one image of every tenth other kind for the kind 38 further on. */
function takenFor(label: number, index: number): number {
  if (label === 7) return 123;
  return label % 10 === 0 && index % imagesPerClass === 0 ? (label + 38) % classCount : label;
}

test('shows 300 classes soon, in a page of bounded size', async () => {
  const { page } = studio;
  await page.goto(address);
  const startMs = performance.now();
  await page.getByRole('grid', { name: 'Confusion matrix' }).waitFor();
  expect(performance.now() - startMs).toBeLessThan(5000);
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(mostNodes);
  await page.getByText('All 300 classes').waitFor();
  expect(await findBarriers(page)).toEqual([]);
});

test('draws what is right and what is wrong on the map', async () => {
  const shades = await studio.page.locator('.map canvas').evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const colours = new Set<string>();
    for (let at = 0; at < pixels.length; at += 4)
      if (pixels[at + 3] === 255) colours.add([...pixels.slice(at, at + 3)].join());
    return colours.size;
  });
  expect(shades).toBeGreaterThan(1);
});

test('the most confused pair opens its images', async () => {
  const { page } = studio;
  const pairs = page.getByRole('listbox', { name: 'Confused pairs' });
  await pairs.getByRole('option').first().click();
  const cell = page.getByRole('listbox', { name: 'Images of the cell' });
  await expect.poll(() => cell.getByRole('option').count()).toBe(imagesPerClass);
  await page.getByRole('heading', { name: 'kind 007 taken for kind 123' }).waitFor();
  await page.getByText('True kind 007, predicted kind 123: 2').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('listbox', { name: 'Wrong images' }).waitFor();
});

test('moves over the map by arrows, tells the cell, and Enter opens it', async () => {
  const { page } = studio;
  const map = page.getByRole('application', { name: /^Map of the confusion matrix/ });
  await map.focus();
  const told = page.locator('.map [aria-live]');
  const before = await told.innerText();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => told.innerText()).not.toBe(before);
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => told.innerText()).toBe(before);
  await page.keyboard.press('Enter');
  await page.getByRole('listbox', { name: 'Images of the cell' }).getByRole('option').first().waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
});

test('a press on the map opens the nearest cell with images', async () => {
  const { page } = studio;
  const box = await page.locator('.map canvas').boundingBox();
  if (!box) throw new Error('The map has no box.');
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await page.getByRole('listbox', { name: 'Images of the cell' }).getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');
});

test('the cut beside the map moves on when the arrows leave it', async () => {
  const { page } = studio;
  await page.getByRole('textbox', { name: /find a class/i }).fill('kind 150');
  await page.getByRole('listbox', { name: 'Scores of each class' }).getByRole('option').first().click();
  await page.getByText('True kind 150, predicted kind 150').waitFor();
  await page.locator('.mx button[tabindex="0"]').focus();
  for (let step = 0; step < 20; step += 1) await page.keyboard.press('ArrowRight');
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
  expect(focused).toMatch(/^kind 150 taken for kind \d+: \d+$/);
  expect(await page.locator('.mx').getByRole('columnheader').count()).toBe(17);
  await page.keyboard.press('Enter');
  await page.getByRole('listbox', { name: 'Images of the cell' }).waitFor({ state: 'attached' });
  await page.keyboard.press('Escape');
});

test('a class narrows the pairs to its own', async () => {
  const { page } = studio;
  const pairs = page.getByRole('complementary', { name: 'Confused pairs' });
  await page.getByRole('textbox', { name: /find a class/i }).fill('kind 007');
  await page.getByRole('listbox', { name: 'Scores of each class' }).getByRole('option').first().click();
  await pairs.getByRole('heading', { name: 'Confused with kind 007' }).waitFor();
  expect(await pairs.getByRole('option').count()).toBe(1);
  await pairs.getByRole('button', { name: 'Show the pairs of all classes' }).click();
  await expect.poll(() => pairs.getByRole('option').count()).toBeGreaterThan(1);
});

test('a correction in the result gives the class the first key, as on the images page', async () => {
  const { page } = studio;
  await page.getByRole('listbox', { name: 'Wrong images' }).focus();
  await page.keyboard.press('/');
  await page.keyboard.type('kind 299');
  await page.keyboard.press('Enter');
  await page.getByText('1 image set to kind 299').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('1');
  const chosen = page.getByRole('listbox', { name: 'Wrong images' }).getByRole('option', { selected: true });
  await expect.poll(() => chosen.innerText()).toContain('kind 299');
});

test('reaches classes and pairs in the smallest window', async () => {
  const { page } = studio;
  await page.setViewportSize({ width: 1024, height: 700 });
  await page.getByRole('listbox', { name: 'Scores of each class' }).waitFor();
  await page.getByRole('radio', { name: 'Confused pairs' }).click();
  await page.getByRole('listbox', { name: 'Confused pairs' }).getByRole('option').first().click();
  await page.getByRole('listbox', { name: 'Images of the cell' }).getByRole('option').first().waitFor();
  expect(await findBarriers(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1024);
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
