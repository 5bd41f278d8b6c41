import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright';
import { findBarriers, openStudio, type Studio } from './studio.ts';

let studio: Studio;
let projectId: string;

beforeAll(async () => {
  studio = await openStudio();
  projectId = (await studio.client.call('project.openSample', { sample: 'fluent-emoji' })).id;
});

afterAll(async () => {
  await studio.close();
});

/** Every screen of the shell and what is done to show it, after its address. */
const screens: readonly { readonly name: string; readonly address: string; show?(page: Page): Promise<void> }[] = [
  { name: 'home', address: '#/' },
  { name: 'new project', address: '#/', show: (page) => page.getByRole('button', { name: 'New project' }).click() },
  { name: 'settings outside a project', address: '#/settings' },
  { name: 'images', address: 'images' },
  { name: 'a selection', address: 'images', show: (page) => page.locator('.imggrid .cell').nth(2).click() },
  {
    name: 'the class field open',
    address: 'images',
    async show(page) {
      await page.locator('.imggrid .cell').nth(2).click();
      await page.keyboard.press('/');
    },
  },
  {
    name: 'one image',
    address: 'images',
    async show(page) {
      await page.locator('.imggrid .cell').nth(2).dblclick();
      await page.getByRole('navigation', { name: /Images in this order|按此顺序的图像/ }).waitFor();
    },
  },
  { name: 'import', address: 'images/import' },
  { name: 'settings', address: 'settings' },
  { name: 'palette', address: 'images', show: (page) => page.keyboard.press('Control+k') },
  { name: 'shortcuts', address: 'images', show: (page) => page.locator('body').press('?') },
  { name: 'folder chooser', address: 'images', show: (page) => page.locator('body').press('Control+i') },
];

// What differs between light and dark is colour.
test.each([
  ['light', []],
  ['dark', ['color-contrast']],
] as const)('has no barrier that axe finds on any screen, %s', async (colorScheme, rules) => {
  const { page } = studio;
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  const found: string[] = [];
  for (const { name, address, show } of screens) {
    await open(page, address);
    await show?.(page);
    await page.waitForTimeout(100);
    found.push(...(await findBarriers(page, rules)).map((barrier) => `${name}: ${barrier}`));
  }
  expect(found).toEqual([]);
});

test('fits into the least window without a scroll bar', async () => {
  const { page } = studio;
  await page.setViewportSize({ width: 1024, height: 700 });
  const overflowing: string[] = [];
  for (const { name, address, show } of screens) {
    await open(page, address);
    await show?.(page);
    const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (isWider) overflowing.push(name);
  }
  expect(overflowing).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('says of an unknown address that there is no such page, also on the way from a page that there is', async () => {
  const { page } = studio;
  await open(page, 'images');
  // A page with a name in its address reads it for as long as it stands.
  await page.locator('.imggrid .cell').nth(2).dblclick();
  await page.getByRole('navigation', { name: 'Images in this order' }).waitFor();
  await page.goto(`${new URL(page.url()).origin}/#/project/${projectId}/imagery`);
  await page.getByText('There is no such page.').waitFor();
  await page.getByRole('link', { name: 'Images' }).click();
  await page.locator('.imggrid .cell').first().waitFor();
});

test('takes the theme of the system until one is chosen, on pictures of colour too', async () => {
  const { page, client } = studio;
  const shown = (): Promise<unknown> =>
    page.evaluate(() => {
      const { backgroundColor } = getComputedStyle(document.body);
      // As a canvas reads it.
      return [backgroundColor, getComputedStyle(document.body).getPropertyValue('--right-6')];
    });
  const light = ['rgb(243, 243, 244)', 'rgb(10, 79, 134)'];
  const dark = ['rgb(24, 25, 27)', 'rgb(154, 208, 247)'];
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(shown).toEqual(dark);
  await client.call('settings.set', { language: 'en', theme: 'light' });
  await expect.poll(shown).toEqual(light);
  await page.emulateMedia({ colorScheme: 'light' });
  await client.call('settings.set', { language: 'en', theme: 'dark' });
  await expect.poll(shown).toEqual(dark);
  await client.call('settings.set', { language: 'system', theme: 'system' });
  await expect.poll(shown).toEqual(light);
});

test('speaks Chinese from the first screen and remembers it', async () => {
  const { page } = studio;
  await open(page, '#/');
  await page.getByRole('button', { name: /^Language/ }).click();
  await page.getByRole('menuitem', { name: '简体中文' }).click();
  await page.getByRole('heading', { name: '最近的项目' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: '最近的项目' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await open(page, 'images');
  expect(await findBarriers(page)).toEqual([]);
});

test('left nothing in the console, where a breach of the content security policy would be', () => {
  expect(studio.problems).toEqual([]);
});

async function open(page: Page, address: string): Promise<void> {
  // A fresh document: no dialog, no selection of the screen before.
  const { origin } = new URL(page.url());
  await page.goto(`${origin}/`);
  await page.goto(`${origin}/${address.startsWith('#') ? address : `#/project/${projectId}/${address}`}`);
  await page.locator('h1').first().waitFor();
  if (address === 'images') await page.locator('.imggrid .cell').first().waitFor();
}
