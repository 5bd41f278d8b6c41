import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';
import { openSample, trainSample } from './trained-sample.ts';

let studio: Studio;
let projectId: ProjectId;
let exportsFolder: string;

beforeAll(async () => {
  studio = await openStudio();
  const sample = await openSample(studio.client);
  ({ projectId } = sample);
  await trainSample(studio.client, sample);
  const [name = ''] = await readdir(path.join(studio.home, 'projects'));
  exportsFolder = path.join(studio.home, 'projects', name, 'exports');
  await studio.page.evaluate((hash) => {
    location.hash = hash;
  }, `#/project/${projectId}/exports`);
});

afterAll(async () => {
  await studio.close();
});

function exportButton(): Locator {
  return studio.page.getByRole('button', { name: /^Export TensorFlow\.js/ });
}

test('shows how far an export is, and keeps nothing of one that is stopped', async () => {
  const { page } = studio;
  await exportButton().click();
  const bar = page.getByRole('complementary', { name: 'Run' }).getByRole('progressbar');
  await bar.waitFor();
  expect(await bar.getAttribute('aria-label')).toMatch(/Writing the files|Checking every image/);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('The export was stopped. Nothing is left of it.').waitFor();
  expect(await readdir(exportsFolder)).toEqual([]);
  await exportButton().waitFor();
});

test('says why an export failed and what to do, and keeps nothing of it', async () => {
  const { page } = studio;
  await rm(exportsFolder, { recursive: true });
  await writeFile(exportsFolder, 'a file where the folder should be');
  await exportButton().click();
  const alert = page.getByRole('alert');
  await alert.getByText('This export failed').waitFor();
  expect(await alert.innerText()).toContain(`a file is in the way at “${exportsFolder}”. Move it, then try again.`);
  expect(await findBarriers(page)).toEqual([]);
  expect(await readFile(exportsFolder, 'utf8')).toBe('a file where the folder should be');
  await rm(exportsFolder);
});

test('exports with a certificate, and downloads the zip', async () => {
  const { page } = studio;
  await exportButton().click();
  await page.getByText('The export predicts what the app predicts').waitFor({ timeout: 120_000 });
  expect(await findBarriers(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await page.getByText('Download zip').click();
  const file = path.join(studio.home, 'export.zip');
  await (await download).saveAs(file);
  expect((await readFile(file)).subarray(0, 2).toString()).toBe('PK');
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
