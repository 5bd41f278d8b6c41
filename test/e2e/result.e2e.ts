import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenProject } from '../../src-shared/contract/project.contract.ts';
import type { Dataset } from '../../src-shared/domain/dataset.ts';
import { predict, saveRun, type SavedRun } from '../support/saved-runs.ts';
import { importMany } from './many-images.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

// Results of runs that ended before the page was opened, of any state, without training them.

const classNames = [
  'ash',
  'beech',
  'cedar',
  'dogwood',
  'elm',
  'fir',
  'gum',
  'hazel',
  'ivy',
  'juniper',
  'larch',
  'maple',
];
const imagesPerClass = 20;
const accuracies = [0.4, 0.7, 0.6];

let studio: Studio;
let project: OpenProject;
let dataset: Dataset;

beforeAll(async () => {
  studio = await openStudio();
  project = await importMany(studio, { classNames, imagesPerClass });
  dataset = await studio.client.call('dataset.get', { projectId: project.id });
});

afterAll(async () => {
  await studio.close();
});

/** A prediction for every image; `wrong` of them are taken for the next class. */
function predictAll(wrong: number, split: 'test' | 'validation' = 'test'): SavedRun['predictions'] {
  const classCount = dataset.classes.length;
  return dataset.images.map((image, index) => {
    const label = dataset.classes.findIndex(({ id }) => id === image.classId);
    return predict(image, { split, label, predicted: index < wrong ? (label + 1) % classCount : label, classCount });
  });
}

async function show(run: SavedRun): Promise<void> {
  const { id } = await saveRun(project, dataset, run);
  await studio.page.goto(`${new URL(studio.page.url()).origin}/#/project/${project.id}/runs/${id}`);
}

test('keeps all wrong images at hand and only those in view in the page', async () => {
  const { page } = studio;
  await show({ number: 1, status: 'completed', accuracies, predictions: predictAll(200) });
  const list = page.getByRole('listbox', { name: 'Wrong images' });
  await list.getByRole('option').first().waitFor();
  expect(await list.getByRole('option').count()).toBeLessThan(40);
  await list.focus();
  await page.keyboard.press('End');
  await expect.poll(() => list.getByRole('option', { selected: true }).getAttribute('aria-posinset')).toBe('200');
  await page.keyboard.press('Home');
  await expect.poll(() => list.getByRole('option', { selected: true }).getAttribute('aria-posinset')).toBe('1');
  expect(await findBarriers(page)).toEqual([]);
});

test('corrects a wrong image to any class by its letters', async () => {
  const { page } = studio;
  const list = page.getByRole('listbox', { name: 'Wrong images' });
  await list.focus();
  await page.keyboard.press('m');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('option', { name: /maple/ }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText('1 image set to maple').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => list.getByRole('option', { selected: true }).innerText()).toContain('maple');
  await expect.poll(() => list.evaluate((element) => document.activeElement === element)).toBe(true);
  await page.keyboard.press('Control+z');
  await page.getByText(/^Undone/).waitFor();
});

test('opens a wrong image large by the mouse, and leads to it among the images', async () => {
  const { page } = studio;
  await page.getByRole('listbox', { name: 'Wrong images' }).getByRole('option').nth(2).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('img').or(dialog.locator('img')).first().waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('keeps scores and matrix at hand beside an open cell in the smallest window, and Escape closes it', async () => {
  const { page } = studio;
  await page.setViewportSize({ width: 1024, height: 700 });
  await page.getByRole('button', { name: 'ash taken for beech: 20' }).click();
  const panel = page.getByRole('complementary', { name: 'Images of the cell' });
  await expect.poll(() => panel.getByRole('option').count()).toBeGreaterThan(0);
  const boxOf = async (name: string) => (await page.getByRole('table').getByText(name).boundingBox())?.width ?? 0;
  expect(await boxOf('ash')).toBeGreaterThan(0);
  const [cell, over] = [await page.locator('.mx__c.is-open').boundingBox(), await panel.boundingBox()];
  expect((cell?.x ?? 0) + (cell?.width ?? 0)).toBeLessThan(over?.x ?? 0);
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
