import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { defaultSplitRules } from '../../src-shared/domain/quality.ts';
import { writeFiles } from '../support/picture-files.ts';
import { drawScene } from '../support/scenes.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

// One project with a copy under another label, a dark picture and classes that differ only by case, from its checks to a clean dataset.

let studio: Studio;
let projectId: ProjectId;

beforeAll(async () => {
  studio = await openStudio();
  const source = path.join(studio.home, 'pets');
  await writeFiles(source, await makePictures());
  const { client } = studio;
  ({ id: projectId } = await client.call('project.create', { name: 'Pets', parent: null }));
  const { token } = await client.call('folder.find', { path: source });
  await client.call('import.start', { projectId, sources: [token], ratios: null });
  await vi.waitFor(
    async () => {
      const { imports } = await client.call('import.list', { projectId });
      if (imports[0]?.status !== 'completed') throw new Error('The import still runs.');
    },
    { timeout: 60_000, interval: 200 },
  );
});

afterAll(() => studio.close());

async function makePictures(): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, count] of [
    ['cat', 24],
    ['dog', 24],
    ['Dog', 2],
  ] as const) {
    for (let index = 0; index < count; index += 1) {
      const file = `${name}/${String.fromCharCode(97 + index)}.png`;
      files[file] = await drawScene(`${name} ${index}`, 120).png().toBuffer();
    }
  }
  files['dog/stray.jpg'] = await sharp(files['cat/c.png']).jpeg({ quality: 60 }).toBuffer();
  files['cat/dark.png'] = await sharp(await drawScene('dark', 120).png().toBuffer())
    .linear(0.2)
    .png()
    .toBuffer();
  return files;
}

async function open(place: string): Promise<void> {
  const { page } = studio;
  await page.goto(`${page.url().split('#')[0] ?? ''}#/project/${projectId}/${place}`);
}

test('the dataset has a page with classes, splits and checks, without barriers', async () => {
  const { page } = studio;
  await open('images');
  await page.getByRole('link', { name: 'Dataset' }).click();
  const checks = page.getByRole('complementary', { name: 'Checks' });
  await checks.getByRole('heading', { name: 'Label conflicts' }).waitFor();
  for (const found of ['Near copies', 'Imbalance', 'Few images', 'Similar names', 'Odd images'])
    await checks.getByRole('heading', { name: found }).waitFor();
  expect(await checks.getByText('No image, and no near copy, is in two splits').count()).toBe(1);
  expect(await page.getByRole('listitem').filter({ hasText: 'cat' }).first().textContent()).toMatch(/25/);
  expect(await page.getByText('No group is in two splits').count()).toBe(1);
  expect(await findBarriers(page)).toEqual([]);
});

test('copies with different labels get one, and are kept', async () => {
  const { page, client } = studio;
  await open('dataset');
  await page.getByRole('button', { name: 'Review: Label conflicts' }).click();
  const group = page.getByRole('article').first();
  await group.getByText('Labels differ').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await group.getByRole('button', { name: 'Same label' }).click();
  await page.getByRole('menuitem', { name: 'All are cat' }).click();
  await page.getByText('No groups here').waitFor();
  await page.getByRole('radio', { name: 'To look at' }).click();
  await page.getByRole('article').first().getByRole('button', { name: 'Keep all' }).click();
  await page.getByText('No groups here').waitFor();
  const { checks } = await client.call('quality.get', { projectId });
  expect(checks.filter(({ id }) => ['near-copies', 'label-conflicts'].includes(id)).map(({ tone }) => tone)).toEqual([
    'good',
    'good',
  ]);
});

test('of copies the largest is kept, and the others come back with undo', async () => {
  const { page, client } = studio;
  await open('dataset/groups?kind=near&only=all');
  const group = page.getByRole('article').first();
  await group.getByRole('button', { name: 'Keep the largest only' }).click();
  await page.getByText('1 copy moved to the trash').waitFor();
  await page.getByText('No groups here').waitFor();
  expect((await client.call('dataset.get', { projectId })).images).toHaveLength(51);
  await page.keyboard.press('Control+z');
  await group.waitFor();
});

test('a rule that ties a folder shows its leak, which is mended and undone', async () => {
  const { page, client } = studio;
  await open('dataset');
  await page.getByRole('button', { name: 'Rules' }).click();
  const dialog = page.getByRole('dialog', { name: 'What stays together' });
  await dialog.getByRole('textbox', { name: 'Folders' }).fill('cat');
  await page.keyboard.press('Enter');
  await dialog.getByText('1 of these groups is in two splits now.').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Use these rules' }).click();
  await page.getByRole('link', { name: '1 group in two splits' }).waitFor();
  await page.getByRole('button', { name: 'Mend' }).click();
  await page.getByText('No group is in two splits', { exact: true }).waitFor();
  await page.keyboard.press('Control+z');
  await page.getByRole('link', { name: '1 group in two splits' }).waitFor();
  await client.call('quality.setRules', { projectId, rules: defaultSplitRules });
  await page.getByText('No group is in two splits', { exact: true }).waitFor();
});

test('a share-out says beforehand what it does', async () => {
  const { page } = studio;
  await open('dataset');
  await page.getByRole('button', { name: 'Change' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share images out over the splits' });
  await dialog.getByRole('spinbutton', { name: 'Test' }).fill('25');
  const row = dialog.getByRole('row').filter({ hasText: 'cat' });
  await expect.poll(() => row.textContent()).toMatch(/^\s*cat1[56]4[67]$/);
  await dialog.getByText('1 group of 2 images stays together.').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
});

test('a change in the frozen test set is warned about, wherever it is made', async () => {
  const { page, client } = studio;
  await open('dataset');
  await page.getByRole('button', { name: 'Freeze the test set' }).click();
  await page.getByText(/The test set is frozen since/).waitFor();
  await open('images');
  const { images, classes } = await client.call('dataset.get', { projectId });
  const held = images.find(({ split, classId }) => split === 'test' && classId !== null);
  const other = classes.find(({ id }) => id !== held?.classId);
  if (!held || !other) throw new Error('There is no test set.');
  await client.call('dataset.setLabel', { projectId, imageIds: [held.id], classId: other.id });
  await page.getByText('This changed 1 image of the frozen test set').waitFor();
  await open('dataset');
  await page.getByText(/the test set has changed: 1 relabelled, 0 joined, 0 left/).waitFor();
  await client.call('dataset.undo', { projectId });
  await page.getByRole('button', { name: 'Unfreeze' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unfreeze' }).click();
  await page.getByRole('button', { name: 'Freeze the test set' }).waitFor();
});

test('the images of a check are selected in the grid, and files are compared with their hashes', async () => {
  const { page } = studio;
  await open('dataset');
  await page.getByRole('link', { name: /dark/ }).click();
  await page.getByRole('button', { name: 'Select in the grid' }).click();
  await page.getByText('1 selected').waitFor();
  await open('dataset');
  await page.getByRole('button', { name: 'Compare now' }).click();
  await page.getByText(/All 52 files are as imported/).waitFor();
  expect(studio.problems).toEqual([]);
});
