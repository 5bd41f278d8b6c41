import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBarriers, openStudio, openTabWithEvents, type Studio } from './studio.ts';

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio();
});

afterAll(() => studio.close());

test('offers to try a card again that was refused, and says how the new try went', async () => {
  const { page, send } = await openTabWithEvents(studio);
  await page.goto(`${new URL(page.url()).origin}/#/settings`);
  await page.getByRole('heading', { name: 'What was found' }).waitFor();
  const tryAgain = page.getByRole('button', { name: 'Try the card again' });
  expect(await tryAgain.count()).toBe(0);
  const status = await studio.client.call('runtime.describe', {});
  const card = { name: 'NVIDIA GeForce RTX 3060', driver: '550.54.14', memoryBytes: 12e9 };
  send({ name: 'runtime.changed', payload: { status: { ...status, card, isCardRefused: true } } });
  await tryAgain.waitFor();
  expect(await findBarriers(page)).toEqual([]);
  const call = page.waitForRequest((request) => request.postData()?.includes('"cuda"') ?? false);
  await tryAgain.click();
  expect((await call).postData()).toContain('cuda');
  // This machine has no card, whatever the page was told.
  await tryAgain.waitFor({ state: 'detached' });
  await page.close();
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
