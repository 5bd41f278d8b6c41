import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

let studio: Studio;
let projectId: ProjectId;

beforeAll(async () => {
  studio = await openStudio();
  const { client, page } = studio;
  ({ id: projectId } = await client.call('project.openSample', { sample: 'fluent-emoji' }));
  await page.goto(`${page.url().replace(/#.*/u, '')}#/project/${projectId}/images`);
  await page.reload();
});
afterAll(() => studio.close());

const map = () => studio.page.getByRole('application', { name: /^Map of the images/u });
const selected = async () =>
  Number(/\d+/u.exec((await studio.page.locator('.panel--right .panel__head h2').textContent()) ?? '')?.[0] ?? 0);

it('says what it needs, and is drawn when there are features', async () => {
  const { client, page } = studio;
  await page.getByRole('radio', { name: 'Map' }).click();
  await page.getByText('It needs features').waitFor();
  await client.call('features.start', { projectId, backbone: null });
  const features = async () => (await client.call('features.get', { projectId })).state;
  await expect.poll(features, { timeout: 120_000 }).toBe('complete');
  await page.reload();
  await page.getByRole('button', { name: 'Draw the map' }).click();
  await map().waitFor({ timeout: 60_000 });
  const { places } = await client.call('map.get', { projectId }).then(({ placed }) => ({ places: placed }));
  expect(places).toBe(320);
  expect(await findBarriers(page)).toEqual([]);
});

it('selects by lasso, adds with Shift, and the selection is labelled like any other', async () => {
  const { client, page } = studio;
  const box = await map().boundingBox();
  if (!box) throw new Error('The map has no place');
  const lasso = async (left: number, right: number): Promise<void> => {
    const [top, bottom] = [box.y + 2, box.y + box.height - 2];
    await page.mouse.move(left, top);
    await page.mouse.down();
    for (const [x, y] of [
      [right, top],
      [right, bottom],
      [left, bottom],
    ] as const)
      await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.up();
  };
  const middle = box.x + box.width * 0.5;
  await lasso(middle, box.x + box.width - 2);
  const half = await selected();
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan(320);
  await page.keyboard.down('Shift');
  await lasso(box.x + 230, middle);
  await page.keyboard.up('Shift');
  expect(await selected()).toBeGreaterThan(half);
  await page.keyboard.press('Escape');
  await expect.poll(selected).toBe(0);
  await lasso(middle, box.x + box.width - 2);
  await page.keyboard.press('1');
  const { classes } = await client.call('dataset.get', { projectId });
  const labelled = async () =>
    (await client.call('dataset.get', { projectId })).images.filter(({ classId }) => classId === classes[0]?.id).length;
  await expect.poll(labelled).toBeGreaterThanOrEqual(half);
  await page.keyboard.press('Control+z');
  await expect.poll(labelled).toBe(40);
});

it('selects by keys alone: the circle in the middle, moved and sized', async () => {
  const { page } = studio;
  await page.keyboard.press('Escape');
  await map().focus();
  await page.keyboard.press('Home');
  for (let times = 0; times < 8; times += 1) await page.keyboard.press(']');
  await page.keyboard.press('Enter');
  const first = await selected();
  expect(first).toBeGreaterThan(0);
  expect(await page.locator('[aria-live=polite]').allTextContents()).toContainEqual(
    expect.stringMatching(new RegExp(`^${String(first)} images in the circle: `, 'u')),
  );
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+Enter');
  expect(await selected()).toBeGreaterThan(first);
});

it('shows the selection first in the grid', async () => {
  const { page } = studio;
  const count = await selected();
  await page.keyboard.press('g');
  const grid = page.getByRole('listbox', { name: 'Images' });
  await grid.waitFor();
  await page.getByRole('combobox', { name: /Chosen on the map/u }).waitFor();
  const first = await grid.getByRole('option').first().getAttribute('aria-selected');
  expect(first).toBe('true');
  await expect.poll(selected).toBe(count);
});

it('hides what the legend takes away, and colours by split and by what a model says', async () => {
  const { page } = studio;
  await page.goto(`${page.url().replace(/#.*/u, '')}#/project/${projectId}/images/map?colour=split`);
  const legend = page.getByRole('group', { name: /^Legend/u });
  await legend.getByRole('button', { name: /^Training/u }).click();
  expect(await legend.getByRole('button', { name: /^Training/u }).getAttribute('aria-pressed')).toBe('false');
  await page.keyboard.press('Escape');
  await map().focus();
  await page.keyboard.press('Home');
  for (let times = 0; times < 12; times += 1) await page.keyboard.press(']');
  const words = async () => (await page.locator('[aria-live=polite]').allTextContents()).join(' ');
  expect(await words()).not.toContain('Training');
});

it('leaves the console silent', () => {
  expect(studio.problems).toEqual([]);
});
