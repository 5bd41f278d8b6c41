import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImageId, ProjectId } from '../../src-shared/domain/ids.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

let studio: Studio;
let projectId: ProjectId;
/** Images whose label was set wrong. */
let wrong: readonly ImageId[];

/** A sample of which every third label was taken away and some were set wrong, with suggestions on. */
beforeAll(async () => {
  studio = await openStudio();
  const { client, page } = studio;
  ({ id: projectId } = await client.call('project.openSample', { sample: 'fluent-emoji' }));
  await page.goto(`${page.url().replace(/#.*/u, '')}#/project/${projectId}/images`);
  await page.reload();
});
afterAll(() => studio.close());

const grid = () => studio.page.getByRole('listbox', { name: 'Images' });
const names = async () => (await grid().getByRole('option').all()).length;

it('says how to get a model’s view while there is none', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: /^Filter: model/u }).click();
  const filter = page.getByRole('dialog', { name: /^Filter: model/u });
  expect(await filter.textContent()).toContain('turn suggestions on, or train a model');
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: /^Order/u }).click();
  const orders = await page.getByRole('option').allTextContents();
  expect(orders.map((order) => order.trim())).not.toContain('Least certain');
  await page.keyboard.press('Escape');
});

it('filters by disagreement and predicted class, and sorts by loss and certainty, once a head has learned', async () => {
  const { client, page } = studio;
  const { images, classes } = await client.call('dataset.get', { projectId });
  const learnable = images.filter(({ split }) => split !== 'test');
  const hidden = learnable.filter((_, index) => index % 3 === 0).map(({ id }) => id);
  await client.call('dataset.setLabel', { projectId, imageIds: [...hidden], classId: null });
  const others = learnable.filter((_, index) => index % 3 === 1);
  wrong = [0, 20, 40, 60].map((index) => others[index]!.id);
  for (const imageId of wrong) {
    const label = images.find(({ id }) => id === imageId)?.classId;
    await client.call('dataset.setLabel', {
      projectId,
      imageIds: [imageId],
      classId: classes.find(({ id }) => id !== label)!.id,
    });
  }
  await client.call('suggestion.turn', { projectId, isOn: true, backbone: null });
  const state = async () => (await client.call('suggestion.get', { projectId })).state;
  const features = async () => (await client.call('features.get', { projectId })).state;
  await expect.poll(async () => [await features(), await state()], { timeout: 120_000 }).toEqual(['complete', 'ready']);
  // A lesson on all features, not one on those that were there before.
  const judged = async () => (await client.call('suggestion.get', { projectId })).model?.outOfFold?.total ?? 0;
  await expect.poll(judged, { timeout: 60_000 }).toBeGreaterThan(160);

  await page.getByRole('button', { name: /^Filter: model/u }).click();
  const filter = page.getByRole('dialog', { name: /^Filter/u });
  const disagrees = filter.getByRole('button', { name: /^Model disagrees with the label/u });
  await disagrees.click();
  await page
    .getByText(/^Judged by the suggestions’ model, which learned from \d+ labels/u)
    .first()
    .waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('heading', { name: 'Model disagrees' }).count()).toBe(1);
  const disagreeing = await names();
  expect(disagreeing).toBeGreaterThanOrEqual(3);
  expect(disagreeing).toBeLessThan(60);

  await page.getByRole('combobox', { name: /^Order/u }).click();
  await page.getByRole('option', { name: 'Largest loss' }).click();
  const losses = async (): Promise<readonly number[]> => {
    const words = await grid()
      .locator('[data-words]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-words')));
    return words.map((one) => Number(one?.split(' ').at(-1)));
  };
  await expect.poll(async () => (await losses())[0]).toBeGreaterThan(2);
  expect(await losses()).toEqual((await losses()).toSorted((a, b) => b - a));
  const fileNames = new Map(images.map((one) => [one.id, one.fileName]));
  const shown = await grid()
    .getByRole('option')
    .evaluateAll((all) => all.map((one) => one.getAttribute('title')));
  expect(shown).toEqual(expect.arrayContaining(wrong.map((id) => fileNames.get(id))));

  // The address holds all of it: a reload brings the same images.
  const before = await names();
  await page.reload();
  await grid().getByRole('option').first().waitFor();
  await expect.poll(names).toBe(before);
});

it('puts a label right there, and the image is gone from those that the model disagrees with', async () => {
  const { page } = studio;
  const before = await names();
  await grid().focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('0');
  await expect.poll(names).toBe(before - 1);
  await page.keyboard.press('Control+z');
  await expect.poll(names).toBe(before);
});

it('offers to ask again when the model has learned since, and moves nothing before', async () => {
  const { client, page } = studio;
  const again = page.getByRole('button', { name: 'Ask again' });
  await expect
    .poll(async () => (await client.call('suggestion.get', { projectId })).state, { timeout: 60_000 })
    .toBe('ready');
  await again.click({ timeout: 30_000 });
  await again.waitFor({ state: 'detached' });
  expect(await names()).toBeGreaterThan(0);
});

it('orders by likeness to one image, until that is ended', async () => {
  const { page } = studio;
  await page.goto(`${page.url().replace(/#.*/u, '')}#/project/${projectId}/images`);
  await grid().focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const name = await grid().locator('[aria-selected="true"]').getAttribute('title');
  await page.keyboard.press('l');
  await page.getByText(`Most similar to ${name ?? ''} first`).waitFor();
  expect(await grid().getByRole('option').first().getAttribute('title')).toBe(name);
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Back to the order of import' }).click();
  await expect.poll(() => page.url()).not.toContain('like=');
});

it('leaves the console silent', () => {
  expect(studio.problems).toEqual([]);
});
