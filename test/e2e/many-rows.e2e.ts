import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../../src-shared/domain/dataset.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { generateProject, sharedThumbnails } from '../support/generated-project.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

const imageCount = 30_000;
const mostCells = 200;

let studio: Studio;
let projectId: ProjectId;
let images: Dataset['images'];

beforeAll(async () => {
  studio = await openStudio({ thumbnail: await sharedThumbnails() });
  const { root } = await generateProject(studio.home, imageCount);
  const { token } = await studio.client.call('folder.find', { path: root });
  ({ id: projectId } = await studio.client.call('project.openFolder', { folder: token }));
  ({ images } = await studio.client.call('dataset.get', { projectId }));
  await ask('');
  await studio.page.getByText('30,000 images, 18 classes').waitFor();
});

afterAll(async () => {
  await studio.close();
});

async function ask(query: string): Promise<void> {
  const { page } = studio;
  await page.goto(`${new URL(page.url()).origin}/#/project/${projectId}/images${query}`);
  await page.locator('.imggrid .cell').first().waitFor();
}

/** The file names of the cells in the page, by their place in the whole grid. */
async function cells(): Promise<ReadonlyMap<number, string>> {
  const found = await studio.page
    .locator('.imggrid .cell')
    .evaluateAll((all) => all.map((cell) => [Number(cell.getAttribute('aria-posinset')), cell.getAttribute('title')]));
  return new Map(found.map(([place, name]) => [Number(place) - 1, String(name)]));
}

/** That each cell shows the image of its place, and that there are no more than there may be. */
async function expectCells(names: readonly string[]): Promise<void> {
  const shown = await cells();
  expect(shown.size).toBeLessThanOrEqual(mostCells);
  expect(shown.size).toBeGreaterThan(0);
  expect([...shown]).toEqual([...shown.keys()].map((place) => [place, names[place]]));
}

function byName(a: { fileName: string }, b: { fileName: string }): number {
  return new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare(a.fileName, b.fileName);
}

test('shows the right images in at most 200 cells wherever one scrolls to', async () => {
  const { page } = studio;
  const names = images.map(({ fileName }) => fileName);
  await page.mouse.move(700, 450);
  for (const deltaPx of [400, 3000, -900, 60_000, 1_000_000]) {
    await page.mouse.wheel(0, deltaPx);
    await page.waitForTimeout(150);
    await expectCells(names);
  }
  expect((await cells()).has(imageCount - 1)).toBe(true);
  await page.getByRole('listbox', { name: 'Images' }).focus();
  await page.keyboard.press('Home');
  await expect.poll(async () => (await cells()).has(0)).toBe(true);
  await expectCells(names);
});

test('filters and sorts by what the address asks for', async () => {
  await ask('?sort=name');
  await expectCells(images.toSorted(byName).map(({ fileName }) => fileName));
  await ask('?folder=shelf-3,shelf-4&split=test&sort=bytes');
  const some = images.filter(({ source, split }) => /^shelf-[34]\//.test(source) && split === 'test');
  await expectCells(some.toSorted((a, b) => b.sizeBytes - a.sizeBytes || byName(a, b)).map(({ fileName }) => fileName));
  await ask('?side=2500-&name=77&reverse=yes');
  const large = images.filter((one) => Math.min(one.width, one.height) >= 2500 && one.fileName.includes('77'));
  await expectCells(large.map(({ fileName }) => fileName).toReversed());
});

test('filters by folder and size in the menu, and says so', async () => {
  const { page } = studio;
  await ask('');
  await page.getByRole('button', { name: 'Filter: model, tag, folder, size and format' }).click();
  const menu = page.getByRole('dialog', { name: /^Filter.* folder/ });
  await menu.getByRole('textbox', { name: 'Type to narrow' }).fill('shelf-12');
  await menu.getByRole('button', { name: /^shelf-12/ }).click();
  await menu.getByRole('spinbutton', { name: 'Shorter side at least' }).fill('2000');
  await menu.getByRole('spinbutton', { name: 'Shorter side at least' }).press('Enter');
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  const wanted = images.filter((one) => one.source.startsWith('shelf-12/') && Math.min(one.width, one.height) >= 2000);
  await expectCells(wanted.map(({ fileName }) => fileName));
  await page.getByRole('button', { name: 'Filter 2: model, tag, folder, size and format' }).waitFor();
});

test('keeps a view under a name, shows it again, and brings back one that was deleted', async () => {
  const { page } = studio;
  const shown = async (): Promise<number> => (await cells()).size;
  await ask('?folder=shelf-5&side=3000-&sort=name&reverse=yes');
  const names = [...(await cells()).values()];
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByRole('textbox', { name: 'Name of the view' }).fill('Large of shelf 5');
  await page.keyboard.press('Enter');
  const saved = page.getByRole('button', { name: 'Large of shelf 5', exact: true });
  await expect.poll(() => saved.getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('button', { name: /^All images/ }).click();
  await expect.poll(shown).toBeGreaterThan(names.length);
  await page.reload();
  await saved.click();
  await expect.poll(async () => [...(await cells()).values()]).toEqual(names);
  await page.getByRole('button', { name: 'Delete the view Large of shelf 5' }).click();
  await expect.poll(() => saved.count()).toBe(0);
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).first().click();
  await saved.waitFor();
});

test('labels all images of a filter at once, and takes it back', async () => {
  const { page, client } = studio;
  await ask('?split=validation');
  const count = images.filter(({ split }) => split === 'validation').length;
  await page.locator('.imggrid .cell').first().click();
  await page.keyboard.press('Control+a');
  await page.getByText(`${count.toLocaleString('en-US')} images selected`).waitFor();
  await page.keyboard.press('2');
  await page.getByText(/images set to Class/).waitFor();
  const labelled = await client.call('dataset.get', { projectId });
  const second = labelled.classes.find(({ order }) => order === 1)?.id;
  expect(labelled.images.filter(({ split, classId }) => split === 'validation' && classId !== second)).toEqual([]);
  await page.keyboard.press('Control+z');
  await page.getByText(/^Undone/).waitFor();
  expect((await client.call('dataset.get', { projectId })).images).toEqual(images);
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
