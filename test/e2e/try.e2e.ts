import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProjectId, RunId } from '../../src-shared/domain/ids.ts';
import { pngBytes } from '../support/picture-files.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';
import { openSample, trainSample } from './trained-sample.ts';

let studio: Studio;
let projectId: ProjectId;
let runIds: readonly RunId[];

beforeAll(async () => {
  studio = await openStudio();
  const sample = await openSample(studio.client);
  ({ projectId } = sample);
  runIds = [(await trainSample(studio.client, sample)).id, (await trainSample(studio.client, sample)).id];
  await studio.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openTry(0);
});

afterAll(async () => {
  await studio.close();
});

async function openTry(index: number): Promise<void> {
  const { page } = studio;
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    `#/project/${projectId}/runs/${runIds[index] ?? ''}/try`,
  );
  await page.getByRole('button', { name: 'Choose a picture' }).first().waitFor();
}

/** A picture of its own number, as a chooser hands it over. */
async function picture(number: number, name = `${String(number)}.png`) {
  return { name, mimeType: 'image/png', buffer: Buffer.from(await pngBytes(number)) };
}

const damaged = { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') };

/** The pictures tried, latest first, by the names of their files. */
async function tried(): Promise<readonly string[]> {
  const items = studio.page.getByRole('list', { name: 'Pictures tried' }).getByRole('button');
  return (await items.evaluateAll((buttons) => buttons.map((button) => button.ariaLabel ?? ''))).map(
    (label) => label.split(': ')[0] ?? '',
  );
}

async function shownFile(): Promise<string> {
  return await studio.page.locator('.toolbar b').innerText();
}

async function putIntoClipboard(bytes: Uint8Array): Promise<void> {
  await studio.page.evaluate(
    async (numbers) => {
      const blob = new Blob([Uint8Array.from(numbers)], { type: 'image/png' });
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
    },
    [...bytes],
  );
}

test('judges a chosen picture: five classes, most likely first, and how far to trust them', async () => {
  const { page } = studio;
  await page.locator('input[type=file]').setInputFiles(await picture(9));
  const top = page.getByRole('list', { name: 'The most likely classes' }).getByRole('listitem');
  await expect.poll(() => top.count(), { timeout: 30_000 }).toBe(5);
  const shares = (await top.allInnerTexts()).map((text) => Number(/([\d.]+)\s*%/u.exec(text)?.[1]));
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));

  const { images } = await studio.client.call('run.evaluate', { projectId, runId: runIds[0] ?? fail(), split: null });
  const tenth = Math.min(9, Math.floor((shares[0] ?? 0) / 10));
  const similar = images.filter(({ probability }) => Math.min(9, Math.floor(probability * 10)) === tenth);
  const right = similar.filter(({ label, predicted }) => label === predicted).length;
  const words = page.getByText(`${String(right)} of ${String(similar.length)} are right.`);
  await expect.poll(() => words.count()).toBe(similar.length > 0 ? 1 : 0);
  expect(await findBarriers(page)).toEqual([]);
});

test('takes a picture from the clipboard, by the button and by Ctrl+V', async () => {
  const { page } = studio;
  await putIntoClipboard(await pngBytes(10));
  await page.getByRole('button', { name: 'Paste' }).click();
  await expect.poll(tried).toEqual(['clipboard.png', '9.png']);
  await putIntoClipboard(await pngBytes(11));
  await page.keyboard.press('Control+v');
  await expect.poll(async () => (await tried()).length).toBe(3);
});

test('takes several dropped pictures, one after the other', async () => {
  const { page } = studio;
  const files = [[...(await pngBytes(12))], [...(await pngBytes(13))]];
  const data = await page.evaluateHandle((contents) => {
    const transfer = new DataTransfer();
    contents.forEach((numbers, index) => {
      transfer.items.add(new File([Uint8Array.from(numbers)], `drop-${String(index)}.png`, { type: 'image/png' }));
    });
    return transfer;
  }, files);
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
  await expect.poll(async () => (await tried()).slice(0, 2)).toEqual(['drop-1.png', 'drop-0.png']);
  expect(await shownFile()).toBe('drop-1.png');
});

test('says what is wrong with a damaged file, by its name, and keeps what was judged before', async () => {
  const { page } = studio;
  const before = await tried();
  await page.locator('input[type=file]').setInputFiles([damaged, await picture(14)]);
  await page.getByRole('alert').filter({ hasText: 'notes.png could not be judged. This is not a picture' }).waitFor();
  await expect.poll(tried).toEqual(['14.png', ...before]);

  await page.locator('input[type=file]').setInputFiles(damaged);
  await expect.poll(() => page.getByRole('status').filter({ hasText: 'notes.png' }).count()).toBe(0);
  await page.getByRole('alert').waitFor();
  expect(await shownFile()).toBe('14.png');
  expect(await page.getByRole('list', { name: 'The most likely classes' }).getByRole('listitem').count()).toBe(5);
  expect(await findBarriers(page)).toEqual([]);
});

test('tries an image of the project and goes on with another run', async () => {
  const { page } = studio;
  await openTry(1);
  await page
    .getByRole('list', { name: /test images/ })
    .getByRole('button')
    .first()
    .click();
  const top = page.getByRole('list', { name: 'The most likely classes' }).getByRole('listitem');
  await expect.poll(() => top.count(), { timeout: 30_000 }).toBe(5);
  await page.getByLabel(/^Run: 2/).click();
  await page.getByRole('option', { name: /^1/ }).click();
  await page.waitForURL(new RegExp(`${runIds[0] ?? ''}/try$`));
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});

function fail(): never {
  throw new Error('There is no such run.');
}
