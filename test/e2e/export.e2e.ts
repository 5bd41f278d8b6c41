import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';
import { openSample, trainSample } from './trained-sample.ts';

let studio: Studio;
let projectId: ProjectId;

beforeAll(async () => {
  studio = await openStudio();
  const sample = await openSample(studio.client);
  ({ projectId } = sample);
  await trainSample(studio.client, sample);
  await studio.page.evaluate((hash) => {
    location.hash = hash;
  }, `#/project/${projectId}/exports`);
});

afterAll(async () => {
  await studio.close();
});

test('exports with a certificate, and downloads the zip', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: /^Export TensorFlow\.js/ }).click();
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
