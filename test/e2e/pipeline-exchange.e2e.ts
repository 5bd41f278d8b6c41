import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { namesOfSteps, openBuilder } from './pipeline-builder.ts';
import { findBarriers, type Studio } from './studio.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openBuilder();
});

afterAll(async () => {
  await studio.close();
});

async function choose(entry: string): Promise<void> {
  const { page } = studio;
  await page.getByRole('button', { name: 'Pipeline menu' }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}

/** The names of the steps, in order. */
const stepNames = (): Promise<readonly string[]> => namesOfSteps(studio);

test('pasted Python is named by line where it cannot be taken, then becomes the steps, and undo brings the others back', async () => {
  const { page } = studio;
  const before = await stepNames();
  await choose('Paste Python…');
  const dialog = page.getByRole('dialog', { name: 'Paste Python…' });
  await dialog.getByRole('textbox').fill('t = T.Compose([\n    T.Pad(4),\n    T.Lambda(f),\n    T.ToTensor(),\n])');
  await dialog.getByText('Of transforms.Lambda only').waitFor();
  expect(await dialog.getByRole('button', { name: 'Use these steps' }).isDisabled()).toBe(true);
  expect(await findBarriers(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Line 3, column 5' }).click();
  await page.keyboard.press('Delete');
  await dialog.getByText('Read 2 training steps and 2 evaluation steps.').waitFor();
  await dialog.getByRole('button', { name: 'Use these steps' }).click();
  await expect.poll(stepNames).toEqual(['Pad', 'ToTensor']);
  await page.keyboard.press('Control+z');
  await expect.poll(stepNames).toEqual(before);
});

test('what is exported as Python is imported as a pipeline of its own', async () => {
  const { page } = studio;
  const before = await stepNames();
  const download = page.waitForEvent('download');
  await choose('Export as Python');
  const file = await download;
  expect(file.suggestedFilename()).toBe('classic.py');
  const text = await readFile(await file.path(), 'utf8');
  expect(text).toContain('train_transform = transforms.Compose(');
  await page
    .locator('input[type=file][accept*=".py"]')
    .setInputFiles({ name: 'Notebook.py', mimeType: 'text/x-python', buffer: Buffer.from(text) });
  await expect.poll(() => page.url()).toContain('pipeline=notebook');
  await expect.poll(stepNames).toEqual(before);
});

test('a new pipeline begins with a preset', async () => {
  const { page } = studio;
  await choose('New pipeline');
  const dialog = page.getByRole('dialog', { name: 'New pipeline' });
  await dialog.getByRole('radio', { name: /^Medium/ }).check();
  expect(await findBarriers(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect.poll(() => page.url()).toContain('pipeline=medium');
  await expect.poll(stepNames).toContain('RandomRotation');
});
