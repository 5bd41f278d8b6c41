import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { pngBytes, writeFiles } from '../support/picture-files.ts';
import { openStudio, type Studio } from './studio.ts';

let studio: Studio;
let projectId: ProjectId;

beforeAll(async () => {
  studio = await openStudio();
  const { client, page, context } = studio;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  ({ id: projectId } = await client.call('project.create', { name: 'Trees', parent: null }));
  await client.call('dataset.addClass', { projectId, name: 'oak' });
  await page.evaluate((id) => (location.hash = `#/project/${id}/images`), projectId);
});

afterAll(async () => {
  await studio.close();
});

/** Puts the picture of a number into the clipboard, as a program that copies a picture does. */
async function copyPicture(number: number): Promise<void> {
  const bytes = [...(await pngBytes(number))];
  await studio.page.evaluate(async (content) => {
    const blob = new Blob([Uint8Array.from(content)], { type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
  }, bytes);
}

/** What the project has, as lines of name and class. */
async function contents(): Promise<readonly string[]> {
  const { images, classes } = await studio.client.call('dataset.get', { projectId });
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  return images.map(({ fileName, classId }) => `${fileName}: ${classId === null ? '–' : (names.get(classId) ?? '?')}`);
}

test('a picture in the clipboard comes in by key, for the class that is shown, and goes back by undo', async () => {
  const { page } = studio;
  await page.getByRole('option', { name: /^oak/ }).click();
  await copyPicture(1);
  await page.keyboard.press('Control+V');
  await page.getByText('1 image imported, 0 left out').waitFor();
  expect(await contents()).toEqual([expect.stringMatching(/^pasted \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png: oak$/)]);
  expect(new URL(page.url()).hash).toContain('/images');
  await page.keyboard.press('Control+V');
  await page.getByText('This image is already in the project').waitFor();
  await copyPicture(2);
  await page.keyboard.press('Control+V');
  await page.locator('.toast', { hasText: '1 image imported' }).getByRole('button', { name: 'Undo' }).click();
  await page.getByText('1 image moved to the trash').waitFor();
  expect(await contents()).toHaveLength(1);
});

test('files that were copied in a file manager come in with their names, as many as there are', async () => {
  const { page } = studio;
  await page.evaluate(() => (location.hash = location.hash.replace(/\?.*$/, '')));
  const folder = path.join(studio.home, 'copied');
  await writeFiles(folder, { 'a.png': 11, 'b.png': 12, 'notes.txt': 'not a picture' });
  // The system's clipboard cannot be filled with files from here; the page gets the same event.
  await page.evaluate(
    (files) => {
      const clipboardData = new DataTransfer();
      for (const { name, bytes } of files) clipboardData.items.add(new File([Uint8Array.from(bytes)], name));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    [
      { name: 'a.png', bytes: [...(await pngBytes(11))] },
      { name: 'b.png', bytes: [...(await pngBytes(12))] },
      { name: 'notes.doc', bytes: [1, 2, 3] },
    ],
  );
  await page.getByText('2 images imported, 1 left out').waitFor();
  expect((await contents()).slice(1)).toEqual(['a.png: –', 'b.png: –']);
});

test('the menu pastes, too, and says when there is no picture', async () => {
  const { page } = studio;
  await page.evaluate(() => navigator.clipboard.writeText('only words'));
  await page.getByRole('button', { name: 'Ways to import' }).click();
  await page.getByRole('menuitem', { name: 'Paste from the clipboard' }).click();
  await page.getByText('There is no picture in the clipboard.').waitFor();
  const before = (await contents()).length;
  await copyPicture(3);
  await page.getByRole('button', { name: 'Ways to import' }).click();
  await page.getByRole('menuitem', { name: 'Paste from the clipboard' }).click();
  await expect.poll(async () => (await contents()).length).toBe(before + 1);
});

test('words that are pasted into a field stay words', async () => {
  const { page } = studio;
  const field = page.getByRole('textbox').first();
  await page.evaluate(() => navigator.clipboard.writeText('oak'));
  await field.click();
  await page.keyboard.press('Control+V');
  expect(await field.inputValue()).toBe('oak');
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
