import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStudio, type Studio } from './studio.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio();
});

afterAll(async () => {
  await studio.close();
});

/** Presses Tab until the focus is on something with this name. */
async function tabTo(name: RegExp): Promise<void> {
  const { page } = studio;
  const seen: string[] = [];
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    seen.push(focused.trim());
    if (name.test(focused)) return;
  }
  throw new Error(`Tab did not reach ${String(name)}; it went over ${seen.join(' | ')}`);
}

test('opens a sample, labels, undoes and looks closer, all without the mouse', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Open the sample Fluent Emoji' }).waitFor();
  await tabTo(/^Open the sample Fluent Emoji$/);
  await page.keyboard.press('Enter');
  await page.locator('.imggrid .cell').first().waitFor();

  // The grid has the keys at once.
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('4');
  await page.getByText('2 images set to Fruit and vegetables').waitFor();
  await page.keyboard.press('Control+z');
  await page.getByText(/^Undone/).waitFor();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('one image');
  await page.keyboard.press('Enter');
  await page.getByText('3 of 320').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.imggrid').waitFor();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('.imggrid .cell[aria-selected="true"]').getAttribute('aria-posinset')).toBe('4');
});

test('F6 goes from region to region and comes round', async () => {
  const { page } = studio;
  const regions: string[] = [];
  for (let step = 0; step < 8; step += 1) {
    await page.keyboard.press('F6');
    regions.push(
      await page.evaluate(() => {
        const region = document.activeElement?.closest('nav, header, aside, footer, section, main');
        return region?.getAttribute('aria-label') ?? region?.tagName.toLowerCase() ?? '';
      }),
    );
  }
  expect(new Set(regions).size).toBeGreaterThanOrEqual(4);
  expect(regions).toContain('Main');
  expect(regions).toContain('Filter');
  expect(regions).toContain('Selection');
});

test('the sheet lists the keys and gives the focus back', async () => {
  const { page } = studio;
  await page.locator('.imggrid').focus();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Shortcuts' });
  await sheet.waitFor();
  expect(await sheet.innerText()).toContain('Next without a label');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => document.activeElement?.classList.contains('imggrid'))).toBe(true);
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
