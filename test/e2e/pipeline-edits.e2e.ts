import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goToBuilder, openBuilder, savedPipeline } from './pipeline-builder.ts';
import type { Studio } from './studio.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openBuilder();
});

afterAll(async () => {
  await studio.close();
});

function python(page: Page, line: string): Promise<void> {
  return page.getByText(line).waitFor();
}

test('takes a drag of a slider back in one step, and keeps that step when the page is left', async () => {
  const { page } = studio;
  await page.locator('.step__main', { hasText: 'RandomHorizontalFlip' }).click();
  const slider = await page.getByRole('slider', { name: 'Probability' }).boundingBox();
  if (!slider) throw new Error('The probability has no slider.');
  const y = slider.y + slider.height / 2;
  await page.mouse.move(slider.x + slider.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(slider.x + slider.width * 0.7, y, { steps: 5 });
  await page.waitForTimeout(1200);
  await page.mouse.move(slider.x + slider.width + 20, y, { steps: 5 });
  await page.mouse.up();
  await python(page, 'RandomHorizontalFlip(p=1)');
  await page.getByRole('link', { name: 'Images' }).click();
  await page.getByRole('heading', { name: 'Images', exact: true }).waitFor();
  await goToBuilder(page);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await python(page, 'RandomHorizontalFlip()');
  await page.getByRole('button', { name: 'Redo', exact: true }).click();
  await python(page, 'RandomHorizontalFlip(p=1)');
});

test('asks before it closes on an edit that is not saved, and saves it at once', async () => {
  const { page } = studio;
  const tab = await studio.openTab();
  await tab.goto(page.url());
  await tab.locator('.step__main').first().click();
  // Stops the clock that saves by itself.
  await tab.clock.install();
  await tab.keyboard.press('e');
  expect((await savedPipeline(studio)).training[0]?.isEnabled).toBe(true);
  const asked = tab.waitForEvent('dialog');
  await tab.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await expect.poll(async () => (await savedPipeline(studio)).training[0]?.isEnabled).toBe(false);
  const closed = tab.waitForEvent('close');
  await dialog.accept();
  await closed;
});

test('closes without a word when all is saved', async () => {
  const tab = await studio.openTab();
  await tab.goto(studio.page.url());
  await tab.locator('.step__main').first().click();
  await tab.keyboard.press('e');
  await expect.poll(async () => (await savedPipeline(studio)).training[0]?.isEnabled).toBe(true);
  await tab.getByText('All changes saved').waitFor();
  const closed = tab.waitForEvent('close');
  await tab.close({ runBeforeUnload: true });
  await closed;
});

test('keeps edits that another window’s wait for, while other pages are shown', async () => {
  const { page, client } = studio;
  const { projects } = await client.call('project.list', {});
  await page.clock.install();
  await page.locator('.step__main').first().click();
  await page.keyboard.press('e');
  const theirs = await savedPipeline(studio);
  await client.call('pipeline.save', { projectId: projects[0]!.id, pipeline: { ...theirs, name: 'Theirs' } });
  await page.getByText('Another window saved this pipeline while you were changing it.').waitFor();
  await page.getByRole('link', { name: 'Images' }).click();
  await page.getByRole('heading', { name: 'Images', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Pipelines' }).click();
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await expect.poll(async () => (await savedPipeline(studio)).training[0]?.isEnabled).toBe(false);
  await page.clock.resume();
  expect(studio.problems).toEqual([]);
});
