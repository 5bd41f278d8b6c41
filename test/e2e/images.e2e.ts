import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBarriers, openStudio, type Studio } from './studio.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio();
  await studio.page.getByRole('button', { name: 'Open the sample Fluent Emoji' }).click();
  await studio.page.getByRole('option', { name: /bridge/ }).waitFor();
});

afterAll(async () => {
  await studio.close();
});

/** The words under a cell, by its place in the grid. */
async function captionOf(index: number): Promise<string> {
  return (await cell(index).locator('.cell__cap').innerText()).trim();
}

function cell(index: number) {
  return studio.page.locator('.imggrid .cell').nth(index);
}

test('sets a label with a key, takes it back, and keeps it over a reload', async () => {
  const { page } = studio;
  await cell(0).click();
  await page.keyboard.press('2');
  await expect.poll(() => captionOf(0)).toBe('Clothing');
  await page.getByText('1 image set to Clothing').waitFor();

  await page.keyboard.press('Control+z');
  await expect.poll(() => captionOf(0)).toBe('Buildings');
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => captionOf(0)).toBe('Clothing');

  await page.reload();
  await expect.poll(() => captionOf(0)).toBe('Clothing');
  // The history is core's: undo works after the page was gone.
  await page.keyboard.press('Control+z');
  await expect.poll(() => captionOf(0)).toBe('Buildings');
});

test('labels a range chosen with the mouse, and clears it', async () => {
  const { page } = studio;
  await cell(2).click();
  await cell(4).click({ modifiers: ['Shift'] });
  await page.getByRole('heading', { name: '3 images selected' }).waitFor();
  await page.keyboard.press('8');
  await expect
    .poll(() => Promise.all([1, 2, 3, 4, 5].map(captionOf)))
    .toEqual(['Buildings', 'Vehicles', 'Vehicles', 'Vehicles', 'Buildings']);
  await page.keyboard.press('0');
  await expect.poll(() => captionOf(3)).toBe('No label');
  await page.getByRole('button', { name: /^Undo Ctrl Z$/ }).click();
  await expect.poll(() => captionOf(3)).toBe('Vehicles');
});

test('finds a class by its letters, and makes one that is not there', async () => {
  const { page } = studio;
  await cell(7).click();
  await page.keyboard.type('mam');
  await page
    .getByRole('option', { name: /Mammals/ })
    .last()
    .waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => captionOf(7)).toBe('Mammals');

  await page.keyboard.press('/');
  await page.keyboard.type('Bridges');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => captionOf(7)).toBe('Bridges');
  await expect.poll(() => page.getByRole('listbox', { name: 'Classes' }).getByRole('option').count()).toBe(9);
});

test('renames and deletes a class; its images stay without a label', async () => {
  const { page } = studio;
  const classes = page.getByRole('listbox', { name: 'Classes' });
  await classes.getByRole('option', { name: /Bridges/ }).click();
  await page.getByRole('button', { name: 'Edit class' }).click();
  await page.getByRole('textbox', { name: 'Class name' }).fill('Structures');
  await page.keyboard.press('Enter');
  await classes.getByRole('option', { name: /Structures/ }).waitFor();

  await page.getByRole('button', { name: 'Delete class' }).click();
  await page.getByText('Class Structures deleted; 1 image has no label now').waitFor();
  await expect.poll(() => captionOf(7)).toBe('No label');
});

test('shows one image with its neighbours, labels there, and comes back to the same place', async () => {
  const { page } = studio;
  await cell(10).click();
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Images in this order' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByText('12 of 320').waitFor();
  await page.keyboard.press('3');
  await page.getByText('1 image set to Faces').waitFor();
  // A label in this view goes on to the next image.
  await page.getByText('13 of 320').waitFor();
  await page.reload();
  await page.getByText('13 of 320').waitFor();
  await page.keyboard.press('g');
  await expect.poll(() => captionOf(11)).toBe('Faces');
});

test('says in the bar and in the title what is shown, by its name', async () => {
  const { page } = studio;
  const here = (): Promise<string> => page.locator('.crumbs h1').innerText();
  await page.locator('.imggrid .cell').first().dblclick();
  await expect.poll(here).toMatch(/\.png$/);
  expect(await page.title()).toBe(`${await here()} · Fluent Emoji · Graft`);
  await page.locator('.crumbs').getByRole('link', { name: 'Images' }).click();
  await expect.poll(here).toBe('Images');
  await page.getByRole('navigation').getByRole('link', { name: 'Pipelines' }).click();
  await expect.poll(() => page.title()).toBe('Classic · Fluent Emoji · Graft');
  await page.getByRole('navigation').getByRole('link', { name: 'Images' }).click();
});

test('keeps the filter in the address', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: /^No label/ }).click();
  await expect.poll(() => page.locator('.imggrid .cell').count()).toBe(1);
  await page.reload();
  await expect.poll(() => page.locator('.imggrid .cell').count()).toBe(1);
  await page.getByRole('button', { name: /^All images/ }).click();
  await expect.poll(() => page.locator('.imggrid .cell').count()).toBeGreaterThan(20);
});

test('shares the images out anew and takes it back', async () => {
  const { page } = studio;
  const validation = page.getByRole('button', { name: /^Validation/ });
  const before = await validation.innerText();
  await page.getByRole('button', { name: 'Share out' }).click();
  await page.getByRole('spinbutton', { name: 'Validation' }).fill('76');
  await page.getByText('take more than 90').waitFor();
  expect(await page.getByRole('button', { name: 'Share out anew' }).isEnabled()).toBe(false);
  await page.getByRole('spinbutton', { name: 'Validation' }).fill('30');
  await page.getByRole('button', { name: 'Share out anew' }).click();
  await page.getByText('Images shared out anew').waitFor();
  await expect.poll(() => validation.innerText()).not.toBe(before);
  await page.getByRole('button', { name: /^Undo Ctrl Z$/ }).click();
  await expect.poll(() => validation.innerText()).toBe(before);
});

test('keeps labels that a full disk refuses, says so until they are saved, and saves them again', async () => {
  const { page } = studio;
  const error = { code: 'disk-full', message: 'Full.', retry: true };
  await page.route('**/rpc/dataset.setLabel', (route) => route.fulfill({ json: { ok: false, error } }));
  const before = await captionOf(0);
  await cell(0).click();
  await page.keyboard.press(before === 'Clothing' ? '1' : '2');
  const wanted = before === 'Clothing' ? 'Buildings' : 'Clothing';
  const line = page.getByRole('alert').filter({ hasText: 'The disk is full.' });
  await line.getByText('1 change since').waitFor();
  await line.getByRole('button', { name: 'Save again' }).click();
  expect(await line.count()).toBe(1);
  expect(await captionOf(0)).toBe(wanted);
  expect(await page.locator('.toast--bad').count()).toBe(0);
  expect(await findBarriers(page)).toEqual([]);
  await page.unroute('**/rpc/dataset.setLabel');
  await line.getByRole('button', { name: 'Save again' }).click();
  await expect.poll(() => line.count()).toBe(0);
  await expect.poll(() => captionOf(0)).toBe(wanted);
  await page.keyboard.press('Control+z');
  await expect.poll(() => captionOf(0)).toBe(before);
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
