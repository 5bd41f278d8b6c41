import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import { pipelineIdSchema, type ProjectId, type RunId } from '../../src-shared/domain/ids.ts';
import { defaultRecipe } from '../../src-shared/domain/recipe.ts';
import { isActiveStatus } from '../../src-shared/domain/run.ts';
import { pngBytes } from '../support/picture-files.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

let studio: Studio;
let projectId: ProjectId;
let runs: readonly RunId[];

beforeAll(async () => {
  studio = await openStudio();
  projectId = (await studio.client.call('project.openSample', { sample: 'fluent-emoji' })).id;
  runs = [await train(0.01), await train(0.001)];
});

afterAll(async () => {
  await studio.close();
});

/** Trains two epochs of feature extraction and waits for its result. */
async function train(learningRate: number): Promise<RunId> {
  const recipe = defaultRecipe('feature-extraction', v.parse(pipelineIdSchema, 'classic'));
  const started = await studio.client.call('run.start', {
    projectId,
    recipe: { ...recipe, epochs: 2, learningRate, featureVariants: 1 },
  });
  const runId = started.record.id;
  for (;;) {
    const { record } = await studio.client.call('run.get', { projectId, runId });
    if (!isActiveStatus(record.status)) {
      expect(record.status).toBe('completed');
      return runId;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function open(place: string): Promise<void> {
  await studio.page.evaluate((hash) => {
    location.hash = hash;
  }, `#/project/${projectId}/${place}`);
}

test('compares two runs by the one setting that differs', async () => {
  const { page } = studio;
  await open(`runs/compare?a=${runs[0] ?? ''}&b=${runs[1] ?? ''}`);
  const differs = page.locator('table.differs tbody tr');
  await differs.first().waitFor();
  expect(await differs.allInnerTexts()).toEqual([expect.stringMatching(/^Learning rate\s+0\.01\s+0\.001$/)]);
  await page.getByText(/^95 % interval from/).waitFor();
  expect(await page.getByRole('list', { name: 'Recall of each class' }).getByRole('listitem').count()).toBe(8);
  expect(await findBarriers(page)).toEqual([]);
});

test('tries an uploaded picture: five classes, most likely first', async () => {
  const { page } = studio;
  await open(`runs/${runs[0] ?? ''}/try`);
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: Buffer.from(await pngBytes(9)) });
  const top = page.getByRole('list', { name: 'The most likely classes' }).getByRole('listitem');
  await expect.poll(() => top.count(), { timeout: 30_000 }).toBe(5);
  const shares = (await top.allInnerTexts()).map((text) => Number(/([\d.]+)\s*%/u.exec(text)?.[1]));
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  expect(await findBarriers(page)).toEqual([]);
});

test('tries an image of the project and goes on with another run', async () => {
  const { page } = studio;
  await open(`runs/${runs[1] ?? ''}/try`);
  await page
    .getByRole('list', { name: /test images/ })
    .getByRole('button')
    .first()
    .click();
  const top = page.getByRole('list', { name: 'The most likely classes' }).getByRole('listitem');
  await expect.poll(() => top.count(), { timeout: 30_000 }).toBe(5);
  await page.getByLabel(/^Run: 2/).click();
  await page.getByRole('option', { name: /^1/ }).click();
  await page.waitForURL(new RegExp(`${runs[0] ?? ''}/try$`));
});

test('says at the picture that a file is not one', async () => {
  const { page } = studio;
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') });
  await page.getByRole('alert').waitFor();
});

test('exports with a certificate, and downloads the zip', async () => {
  const { page } = studio;
  await open(`exports?run=${runs[0] ?? ''}`);
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
  // The browser itself reports that the file which is no picture could not be shown.
  expect(studio.problems.filter((problem) => !problem.includes('Failed to load resource'))).toEqual([]);
});
