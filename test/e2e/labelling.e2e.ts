import { afterAll, beforeAll, expect, test } from 'vitest';
import { importMany } from './many-images.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

let studio: Studio;
let projectId: Awaited<ReturnType<typeof importMany>>['id'];

beforeAll(async () => {
  studio = await openStudio();
  ({ id: projectId } = await importMany(studio, { classNames: ['elm', 'fir', 'oak'], imagesPerClass: 12 }));
  const { images } = await studio.client.call('dataset.get', { projectId });
  await studio.client.call('dataset.setLabel', { projectId, imageIds: images.map(({ id }) => id), classId: null });
  await open('images');
});

afterAll(async () => {
  await studio.close();
});

async function open(place: string): Promise<void> {
  await studio.page.goto(`${new URL(studio.page.url()).origin}/#/project/${projectId}/${place}`);
  await studio.page.reload();
}

/** Class, mark and tags of each image, as core has them. */
async function truth(): Promise<readonly string[]> {
  const { classes, images } = await studio.client.call('dataset.get', { projectId });
  return images.map(({ classId }) => classes.find(({ id }) => id === classId)?.name ?? 'none');
}

test('goes through 30 images by keyboard alone, with marks on the way', async () => {
  const { page } = studio;
  await page.locator('.imggrid .cell').first().waitFor();
  await page.locator('.imggrid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.getByText('1 of 36').waitFor();
  const keys = ['1', '2', 'r', 'n', '3', 's'];
  const expected = ['elm', 'fir', 'fir', 'none', 'oak', 'none'];
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press(keys[step % keys.length] ?? '1');
    // The next image is shown before the next key.
    await page.getByText(`${String(step + 2)} of 36`).waitFor();
  }
  await expect
    .poll(truth)
    .toEqual(Array.from({ length: 36 }, (_, index) => (index < 30 ? expected[index % 6] : 'none')));
  const marked = await page.evaluate(() => document.title);
  expect(marked).toContain('many');
  // Back to the first that still waits: skipped ones do not, and not sure ones come last.
  await page.keyboard.press('u');
  await page.getByText('32 of 36').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('g');
  await page.locator('.imggrid .cell').nth(3).getByText('Not sure').waitFor();
  await page.locator('.imggrid .cell').nth(5).getByText('Skipped').waitFor();
});

test('takes a mark away with the same key, and with a class', async () => {
  const { page } = studio;
  const marked = page.locator('.imggrid .cell').nth(3);
  await marked.click();
  await page.keyboard.press('n');
  await expect.poll(() => marked.innerText()).not.toContain('Not sure');
  await page.keyboard.press('n');
  await expect.poll(() => marked.innerText()).toContain('Not sure');
  await page.keyboard.press('1');
  await expect.poll(() => marked.innerText()).toBe('elm');
  await page.keyboard.press('Control+z');
  await expect.poll(() => marked.innerText()).toContain('Not sure');
});

test('merges classes by one edit that is undone after a reload', async () => {
  const { page } = studio;
  const before = await truth();
  const list = page.getByRole('listbox', { name: 'Classes' });
  await list.getByRole('option', { name: /fir/ }).click();
  await page.getByRole('button', { name: 'Edit class' }).click();
  const dialog = page.getByRole('dialog', { name: 'Class fir' });
  expect(await findBarriers(page)).toEqual([]);
  await dialog.getByLabel(/^Merge into:/).click();
  await page.getByRole('option', { name: 'oak', exact: true }).click();
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByText('10 images of fir are in oak now').waitFor();
  expect(await truth()).toEqual(before.map((name) => (name === 'fir' ? 'oak' : name)));
  await page.reload();
  await list.getByRole('option', { name: /elm/ }).waitFor();
  await page.keyboard.press('Control+z');
  await expect.poll(truth).toEqual(before);
});

test('gives a class a name, a key and a colour at once', async () => {
  const { page } = studio;
  await open('images');
  const list = page.getByRole('listbox', { name: 'Classes' });
  await list.getByRole('option', { name: /oak/ }).click();
  await page.getByRole('button', { name: 'Edit class' }).click();
  const dialog = page.getByRole('dialog', { name: 'Class oak' });
  await dialog.getByRole('textbox', { name: 'Class name' }).fill('red oak');
  await dialog.getByRole('radio', { name: 'Colour 9' }).click();
  await dialog.getByLabel(/^Key:/).click();
  await page.getByRole('option', { name: 'O', exact: true }).click();
  await dialog.getByRole('button', { name: 'Save class' }).click();
  await page.getByText('Class red oak changed').waitFor();
  const { classes } = await studio.client.call('dataset.get', { projectId });
  expect(classes.find(({ name }) => name === 'red oak')).toMatchObject({ key: 'O', color: 9, isColorChosen: true });
  await open('images');
  await page.locator('.imggrid .cell').first().click();
  await page.keyboard.press('o');
  await page.getByText('1 image set to red oak').waitFor();
});

test('trashes, restores, and deletes for good only when asked twice', async () => {
  const { page } = studio;
  await open('images');
  await page.locator('.imggrid .cell').nth(0).click();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Delete');
  await page.getByText('2 images moved to the trash').waitFor();
  await expect.poll(async () => (await truth()).length).toBe(34);
  await page.getByRole('link', { name: /^Trash/ }).click();
  const rows = page.locator('main li');
  await expect.poll(() => rows.count()).toBe(2);
  expect(await findBarriers(page)).toEqual([]);
  await rows.first().getByRole('button', { name: 'Restore' }).click();
  await expect.poll(async () => (await truth()).length).toBe(35);
  await page.getByRole('button', { name: /^Empty, frees/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByRole('button', { name: /^Empty, frees/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete 1 image' }).click();
  await page.getByText(/1 image deleted, .* freed/).waitFor();
  await page.getByText('The trash is empty').waitFor();
});

test('shows the history of an image and brings an earlier state back', async () => {
  const { page } = studio;
  await open('images');
  await page.locator('.imggrid .cell').nth(1).click();
  await page.getByRole('textbox', { name: 'Tags' }).fill('in snow');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Take off the tag in snow' }).waitFor();
  await page.locator('summary').filter({ hasText: 'History' }).click();
  const entries = page.locator('details li');
  await entries.filter({ hasText: 'Tag in snow' }).waitFor();
  const before = await truth();
  await entries.last().getByRole('button', { name: 'Bring back' }).click();
  await page.getByText('Earlier state brought back').waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Take off the tag in snow' }).count()).toBe(0);
  const after = await truth();
  expect(after.filter((name, index) => name !== before[index])).toHaveLength(1);
  await page.keyboard.press('Control+z');
  await expect.poll(truth).toEqual(before);
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
