import { afterAll, beforeAll, expect, test } from 'vitest';
import { importMany } from './many-images.ts';
import { openStudio, type Studio } from './studio.ts';

/** One frame at 60 Hz is 16.7 ms; the machine of a test runs other tests too. */
const mostMs = 50;

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio();
  const classNames = Array.from({ length: 300 }, (_, number) => nameOf(number));
  const { id } = await importMany(studio, { classNames, imagesPerClass: 1 });
  await studio.page.goto(`${new URL(studio.page.url()).origin}/#/project/${id}/images`);
  await studio.page.locator('.imggrid .cell').first().waitFor();
});

afterAll(async () => {
  await studio.close();
});

function nameOf(number: number): string {
  return `${['maple', 'birch', 'cedar', 'alder', 'hazel'][number % 5] ?? ''} ${String(number)}`;
}

/** Milliseconds from a key to the next frame after it, the slowest of several. */
async function slowestFrame(keys: string): Promise<number> {
  const { page } = studio;
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { frameTimes: times });
    addEventListener(
      'keydown',
      () => {
        const start = performance.now();
        requestAnimationFrame(() => requestAnimationFrame(() => times.push(performance.now() - start)));
      },
      { capture: true },
    );
  });
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(60);
  }
  return await page.evaluate(() => Math.max(...(window as unknown as { frameTimes: number[] }).frameTimes));
}

test('keeps only the classes in view in the page', async () => {
  const rows = studio.page.getByRole('listbox', { name: 'Classes' }).getByRole('option');
  expect(await rows.count()).toBeLessThan(60);
  await studio.page.getByText('300 images, 300 classes').waitFor();
});

test('narrows the class list and finds classes by letters within a frame or two', async () => {
  const { page } = studio;
  await page.locator('.imggrid .cell').first().click();
  const typing = await slowestFrame('birch');
  await page.getByText('60 of 300').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('textbox', { name: 'Type to narrow' }).focus();
  const narrowing = await slowestFrame('cedar');
  await expect
    .poll(() => page.getByRole('listbox', { name: 'Classes' }).getByRole('option').first().innerText())
    .toContain('cedar');
  // Two frames are waited for, so two are allowed.
  expect({ typing: typing < 2 * mostMs, narrowing: narrowing < 2 * mostMs }, `${typing} ms, ${narrowing} ms`).toEqual({
    typing: true,
    narrowing: true,
  });
});

test('gives the keys 1–9 to the classes used last', async () => {
  const { page } = studio;
  await page.getByRole('textbox', { name: 'Type to narrow' }).fill('');
  await page.locator('.imggrid .cell').first().click();
  await page.keyboard.press('/');
  await page.keyboard.type('hazel 299');
  await page.keyboard.press('Enter');
  await page.getByText('1 image set to hazel 299').waitFor();
  await page.locator('.imggrid .cell').nth(1).click();
  await page.keyboard.press('1');
  await expect.poll(() => page.locator('.imggrid .cell__cap').nth(1).innerText()).toContain('hazel 299');
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
