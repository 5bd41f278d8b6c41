import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readProjectRows } from '../support/project-rows.ts';
import { findBarriers, goToFolder, openStudio, type Studio } from './studio.ts';

let studio: Studio;
let project: { readonly id: string; readonly path: string };

beforeAll(async () => {
  studio = await openStudio();
  project = await studio.client.call('project.openSample', { sample: 'fluent-emoji' });
});

afterAll(() => studio.close());

const labels = () => readProjectRows(project.path).images.map(({ classId }) => classId);

async function openSettings(): Promise<void> {
  const { page } = studio;
  await page.goto(`${new URL(page.url()).origin}/`);
  await page.goto(`${new URL(page.url()).origin}/#/project/${project.id}/settings`);
  await page.getByRole('heading', { name: 'Earlier states' }).waitFor();
}

test('keeps the present state, puts it back after a change, and undoes that', async () => {
  const { page, client } = studio;
  await openSettings();
  await page.getByRole('button', { name: 'Keep the present state' }).click();
  await page.getByText('kept by hand').waitFor();
  const before = labels();
  const { images } = readProjectRows(project.path);
  const imageIds = images.slice(0, 5).map(({ id }) => id);
  await client.call('dataset.setLabel', { projectId: project.id as never, imageIds, classId: null });
  const after = labels();
  await openSettings();
  const row = page.getByRole('row').filter({ hasText: 'kept by hand' });
  await row.getByText('5 labels').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await row.getByRole('button', { name: /^Restore/ }).click();
  await page.getByText(/^The state of .* is back/).waitFor();
  expect(labels()).toEqual(before);
  // The same by key: the toast's undo is a button like every other.
  await page.locator('button.btn--s', { hasText: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(labels).toEqual(after);
});

test('offers the earlier states where the database is damaged, and opens the project when one is back', async () => {
  const { page, client, home } = studio;
  const made = await client.call('project.create', { name: 'Whole', parent: null });
  await client.call('dataset.addClass', { projectId: made.id, name: 'kept' });
  await client.call('snapshot.take', { projectId: made.id });
  // Another project on the disk, as somebody brings it along.
  const damaged = path.join(home, 'damaged.graft');
  cpSync(made.path, damaged, { recursive: true, filter: (file) => !/(\.lock|-wal|-shm)$/.test(file) });
  const record = JSON.parse(readFileSync(path.join(damaged, 'project.json'), 'utf8')) as object;
  writeFileSync(path.join(damaged, 'project.json'), JSON.stringify({ ...record, id: 'damaged-project' }));
  writeFileSync(path.join(damaged, 'project.sqlite'), new Uint8Array(20_000).fill(0xa5));
  await page.goto(`${new URL(page.url()).origin}/#/`);
  await page.getByRole('button', { name: 'Open a project' }).click();
  const dialog = page.getByRole('dialog');
  await goToFolder(page, damaged);
  await dialog.getByRole('button', { name: /^Open/ }).click();
  await page.getByRole('heading', { name: 'The database of this project is damaged' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page
    .getByRole('button', { name: /^Restore/ })
    .first()
    .click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  expect(readProjectRows(damaged).classes.map(({ name }) => name)).toEqual(['kept']);
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
