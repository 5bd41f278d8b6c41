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

test('offers what else ONNX Runtime can compute on only where the platform has it, and keeps the choice', async () => {
  const { client } = studio;
  const { page, send } = await openTabWithEvents(studio);
  await page.goto(`${new URL(page.url()).origin}/#/settings`);
  await page.getByRole('heading', { name: 'What was found' }).waitFor();
  const choice = page.getByRole('radiogroup', { name: 'Features computed on' });
  expect(await choice.count()).toBe(0);
  const status = await client.call('runtime.describe', {});
  send({ name: 'runtime.changed', payload: { status: { ...status, onnxProviders: ['cpu', 'dml'] } } });
  await choice.getByText('DirectML').click();
  await expect.poll(async () => (await client.call('settings.get', {})).onnxProvider).toBe('dml');
  expect(await findBarriers(page)).toEqual([]);
  await choice.getByText('Processor').click();
  await expect.poll(async () => (await client.call('settings.get', {})).onnxProvider).toBe('cpu');
  await page.close();
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
