import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBuilder } from './pipeline-builder.ts';
import { findBarriers, type Studio } from './studio.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openBuilder();
});

afterAll(async () => {
  await studio.close();
});

/** Number and kind of every row. */
async function rows(): Promise<readonly string[]> {
  const texts = await studio.page
    .locator('.steps .step')
    .evaluateAll((all) =>
      all.map((row) => ['.step__n', '.step__name'].map((part) => row.querySelector(part)?.textContent).join(' ')),
    );
  return texts;
}

async function add(kind: string): Promise<void> {
  const { page } = studio;
  await page.keyboard.press('a');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: new RegExp(`^${kind}`, 'u') })
    .click();
}

const tail = ['3 Resize', '4 CenterCrop', '5 ToTensor', '6 Normalize'];

test('fills a container by keys, and moves steps in and out of it', async () => {
  const { page } = studio;
  await page.locator('.step__main').first().click();
  await add('RandomApply');
  await expect.poll(rows).toEqual(['1 RandomHorizontalFlip', '2 RandomApply', ...tail]);
  await page.getByText('There is no step in it.').waitFor();
  await add('ColorJitter');
  await add('RandomGrayscale');
  const filled = ['1 RandomHorizontalFlip', '2 RandomApply', '2a ColorJitter', '2b RandomGrayscale', ...tail];
  await expect.poll(rows).toEqual(filled);
  expect(await page.getByRole('list', { name: 'Steps in 2 RandomApply' }).getByRole('listitem').count()).toBe(2);
  await page.locator('.step__main', { hasText: 'RandomGrayscale' }).click();
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(async () => (await rows())[3]).toBe('3 RandomGrayscale');
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(rows).toEqual(filled);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('RandomGrayscale');
  await page.keyboard.press('Control+d');
  await expect.poll(async () => (await rows())[4]).toBe('2c RandomGrayscale');
  await page.keyboard.press('Delete');
  await expect.poll(rows).toEqual(filled);
});

test('tells what the container drew for this image, and what it left out', async () => {
  const { page } = studio;
  await page.locator('.step__main', { hasText: 'RandomApply' }).click();
  await page.getByRole('spinbutton', { name: 'Probability' }).fill('0');
  await page.getByText('This draw: isApplied false.').waitFor();
  await page.locator('.step__main', { hasText: 'ColorJitter' }).click();
  await page.getByText('Left out: the container around it drew otherwise this time.').waitFor();
  await page.locator('.step__main', { hasText: 'RandomApply' }).click();
  await page.getByRole('spinbutton', { name: 'Probability' }).fill('1');
  await page.getByText('This draw: isApplied true.').waitFor();
  await page.locator('.step__main', { hasText: 'RandomGrayscale' }).click();
  await page.getByText('in RandomApply', { exact: true }).waitFor();
  await page.getByText(/This draw: isGray (true|false)\./u).waitFor();
});

test('drags a step into a container, to a depth by the side, and out again', async () => {
  const { page } = studio;
  const grip = async (kind: string): Promise<{ x: number; y: number }> => {
    const box = await page.locator('.step', { hasText: kind }).locator('.step__grip').boundingBox();
    if (!box) throw new Error(`${kind} is not on the page.`);
    return { x: box.x + 5, y: box.y + box.height / 2 };
  };
  const drag = async (kind: string, to: { x: number; y: number }): Promise<void> => {
    const from = await grip(kind);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 6 });
    await page.mouse.up();
  };
  const last = await grip('RandomGrayscale');
  await drag('RandomHorizontalFlip', { x: last.x + 10, y: last.y + 15 });
  await expect
    .poll(async () => (await rows()).slice(0, 4))
    .toEqual(['1 RandomApply', '1a ColorJitter', '1b RandomGrayscale', '1c RandomHorizontalFlip']);
  const child = await grip('RandomHorizontalFlip');
  await drag('RandomHorizontalFlip', { x: child.x - 22, y: child.y + 15 });
  await expect.poll(async () => (await rows())[3]).toBe('2 RandomHorizontalFlip');
});

test('refuses ToTensor where only some images would pass it, and moves it out', async () => {
  const { page } = studio;
  await page.locator('.step__main', { hasText: 'RandomGrayscale' }).click();
  await add('ToTensor');
  await page.getByText('Step 1c would make a tensor of some images only.').waitFor();
  expect(await page.getByRole('button', { name: 'Train with this' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Move out' }).click();
  await expect.poll(async () => (await rows())[3]).toBe('2 ToTensor');
  await page.keyboard.press('Delete');
  await expect.poll(() => page.getByRole('button', { name: 'Train with this' }).isEnabled()).toBe(true);
});

test('weighs the branches of a choice', async () => {
  const { page } = studio;
  await page.locator('.step__main', { hasText: 'RandomApply' }).click();
  await add('RandomChoice');
  await add('RandomVerticalFlip');
  await page.locator('.step__main', { hasText: 'RandomChoice' }).click();
  await add('Pad');
  await page.locator('.step__main', { hasText: 'RandomChoice' }).click();
  await page.getByRole('switch', { name: 'Weights' }).click();
  await page.getByRole('spinbutton', { name: 'RandomVerticalFlip' }).fill('3');
  await page.getByText('in 75 % of images').waitFor();
  await page.getByText('p=[3, 1]').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  expect(studio.problems).toEqual([]);
});
