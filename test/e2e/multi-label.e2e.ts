import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { writeFiles } from '../support/picture-files.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

let studio: Studio;
let projectId: ProjectId;

beforeAll(async () => {
  studio = await openStudio();
});
afterAll(async () => {
  await studio.close();
});

/** The classes of each image, as core has them; “none” for none of them, “–” for one that is not labelled. */
async function truth(): Promise<readonly string[]> {
  const { classes, images } = await studio.client.call('dataset.get', { projectId });
  return images.map(({ classIds }) => {
    const names = classIds?.map((one) => classes.find(({ id }) => id === one)?.name ?? '').toSorted();
    return names === undefined ? '–' : names.join('+') || 'none';
  });
}

test('a project for images of several classes is made by a choice that says what it means', async () => {
  const { page, client, home } = studio;
  await page.getByRole('button', { name: 'New project' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Street');
  await page.getByRole('radio', { name: 'Any number' }).click();
  await page.getByText('such as a car and a tree').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.getByText('Multi-label', { exact: true }).waitFor();
  const [project] = (await client.call('project.list', {})).projects;
  if (!project) throw new Error('Expected a project');
  projectId = project.id;
  await writeFiles(`${home}/flat`, Object.fromEntries([1, 2, 3, 4, 5].map((one) => [`${String(one)}.png`, one])));
  const { token } = await client.call('folder.find', { path: `${home}/flat` });
  for (const name of ['Car', 'Tree']) await client.call('dataset.addClass', { projectId, name });
  await client.call('import.start', { projectId, sources: [token], ratios: null });
  await page.locator('.imggrid .cell').nth(4).waitFor();
  expect(await truth()).toEqual(['–', '–', '–', '–', '–']);
  // What knows one class an image is not there.
  await expect.poll(() => page.locator('.rail__item').count()).toBe(2);
  await expect.poll(() => page.getByRole('link', { name: 'Suggestions' }).count()).toBe(0);
});

test('a key puts its class on the selection, and takes it off where all have it', async () => {
  const { page } = studio;
  await page.locator('.imggrid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('1');
  await expect.poll(truth).toEqual(['Car', '–', '–', '–', '–']);
  await page.keyboard.press('Shift+ArrowRight');
  const car = page.getByRole('checkbox', { name: /^Car/ });
  await expect.poll(() => car.getAttribute('aria-checked')).toBe('mixed');
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  await expect.poll(truth).toEqual(['Car+Tree', 'Car+Tree', '–', '–', '–']);
  await page.keyboard.press('1');
  await expect.poll(truth).toEqual(['Tree', 'Tree', '–', '–', '–']);
  await page.keyboard.press('2');
  await expect.poll(truth).toEqual(['–', '–', '–', '–', '–']);
  await page.keyboard.press('Control+z');
  await expect.poll(truth).toEqual(['Tree', 'Tree', '–', '–', '–']);
  await car.click();
  await expect.poll(truth).toEqual(['Car+Tree', 'Car+Tree', '–', '–', '–']);
  expect(await findBarriers(page)).toEqual([]);
});

test('none of the classes is said by a key, and told apart from not labelled', async () => {
  const { page } = studio;
  await page.locator('.imggrid .cell').nth(2).click();
  await page.keyboard.press('0');
  await expect.poll(truth).toEqual(['Car+Tree', 'Car+Tree', 'none', '–', '–']);
  await page.getByRole('button', { name: /None of the classes\s*1/ }).click();
  await expect.poll(() => page.locator('.imggrid .cell').count()).toBe(1);
  await page.getByRole('button', { name: /Not labelled\s*2/ }).click();
  await expect.poll(() => page.locator('.imggrid .cell').count()).toBe(2);
  await page.getByRole('option', { name: /Tree/ }).first().click();
  await page.getByRole('button', { name: /All images/ }).click();
  await expect.poll(() => page.locator('.imggrid .cell').count()).toBe(5);
});

test('in the view of one image keys put classes on and off, and the next one that waits is a key away', async () => {
  const { page } = studio;
  await page.locator('.imggrid .cell').first().dblclick();
  await page.getByText('1 of 5').waitFor();
  const tree = page.getByRole('option', { name: /Tree/ });
  await expect.poll(() => tree.getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('2');
  await expect.poll(truth).toEqual(['Car', 'Car+Tree', 'none', '–', '–']);
  await page.getByText('1 of 5').waitFor();
  await page.keyboard.press('u');
  await page.getByText('4 of 5').waitFor();
  await page.keyboard.press('2');
  await expect.poll(truth).toEqual(['Car', 'Car+Tree', 'none', 'Tree', '–']);
  await page.getByText('History').click();
  await page.getByText('Not labelled → Tree').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  expect(studio.problems).toEqual([]);
});
