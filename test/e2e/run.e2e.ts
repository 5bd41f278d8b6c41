import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProjectId, RunId } from '../../src-shared/domain/ids.ts';
import { defaultRecipe } from '../../src-shared/domain/recipe/recipe.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';

let studio: Studio;
let projectId: ProjectId;
let runId: RunId;
let projectFolder: string;

beforeAll(async () => {
  studio = await openStudio();
  const opened = await studio.client.call('project.openSample', { sample: 'fluent-emoji' });
  projectId = opened.id;
  projectFolder = opened.path;
});

afterAll(async () => {
  await studio.close();
});

/** Goes to a page of the project, as its links do. */
async function goTo(path: string): Promise<void> {
  await studio.page.evaluate((hash) => {
    location.hash = hash;
  }, `#/project/${projectId}/${path}`);
}

function startTwoEpochs(): Promise<RunId> {
  return start(2);
}

async function start(epochs: number): Promise<RunId> {
  const { client } = studio;
  const [pipeline] = (await client.call('pipeline.list', { projectId })).pipelines;
  if (!pipeline) throw new Error('A project starts with a pipeline.');
  const recipe = { ...defaultRecipe('feature-extraction', pipeline.id), epochs, featureVariants: 1 };
  return (await client.call('run.start', { projectId, recipe })).record.id;
}

test('says what is missing while there is no run', async () => {
  await goTo('runs');
  await studio.page.getByText('No runs yet').waitFor();
  expect(await findBarriers(studio.page)).toEqual([]);
});

test('shows a run live, finds it again after a reload, and becomes its result', async () => {
  const { page } = studio;
  runId = await startTwoEpochs();
  await goTo(`runs/${runId}`);
  const bar = page.getByRole('main').getByRole('progressbar');
  await expect
    .poll(async () => Number(await bar.getAttribute('aria-valuenow')), { timeout: 60_000 })
    .toBeGreaterThan(0);
  expect(await findBarriers(page)).toEqual([]);
  await page.getByText(/^\d+\s?%\s+of the time$/).waitFor();

  await page.reload();
  await bar.waitFor();
  await page.getByRole('button', { name: 'Stop, keep the best' }).waitFor();
  expect(await page.title()).toBe('Run 1: Lite0, head only · Fluent Emoji · Graft');

  await page.getByRole('grid', { name: 'Confusion matrix' }).waitFor({ timeout: 120_000 });
  const { images, accuracy } = await studio.client.call('run.evaluate', { projectId, runId, split: null });
  const right = images.filter(({ label, predicted }) => label === predicted).length;
  await page.getByText(`${String(right)} of ${String(images.length)} test images right`).waitFor();
  await page
    .getByText(`${(accuracy * 100).toFixed(1)} %`, { exact: false })
    .first()
    .waitFor();
  expect(await findBarriers(page)).toEqual([]);
});

test('moves through the matrix with the arrows and opens the images of a cell', async () => {
  const { page } = studio;
  const { confusion } = await studio.client.call('run.evaluate', { projectId, runId, split: null });
  const cells = page.getByRole('grid', { name: 'Confusion matrix' }).getByRole('gridcell').getByRole('button');
  await cells.first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Images of the cell' });
  await expect.poll(() => panel.locator('[data-image]').count()).toBe(confusion[1]?.[1]);
  expect(await findBarriers(page)).toEqual([]);
});

test('corrects the label of a wrong image with a key, and takes it back', async () => {
  const { page } = studio;
  const wrong = page.getByRole('listbox', { name: 'Wrong images' });
  const label = wrong.locator('.judged__line').first();
  const before = await label.innerText();
  await wrong.focus();
  await page.keyboard.press('Home');
  const key = before.trim().startsWith('Clothing') ? '3' : '2';
  await page.keyboard.press(key);
  await page.getByText(/^1 image set to/).waitFor();
  await expect.poll(() => label.innerText()).not.toBe(before);
  await page.keyboard.press('Control+z');
  await expect.poll(() => label.innerText()).toBe(before);
});

test('lists the run with its accuracy and leads to it', async () => {
  const { page } = studio;
  await goTo('runs');
  const row = page.getByRole('row', { name: /Feature extraction/ });
  await row.getByRole('img', { name: /^95 percent interval/ }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await row.getByRole('link').click();
  await page.getByRole('tab', { name: 'Recipe' }).click();
  await page.getByText('efficientnet-lite0').waitFor();
  await page.getByRole('tab', { name: 'Curves' }).click();
  await page.getByRole('img', { name: /^Loss/ }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
});

test('Stop keeps the best weights so far, and continues where it was', async () => {
  const { page, client } = studio;
  const stopped = await start(4000);
  await goTo(`runs/${stopped}`);
  const stepCount = async (): Promise<number> =>
    (await client.call('run.get', { projectId, runId: stopped })).metrics.length;
  await expect.poll(stepCount, { timeout: 120_000 }).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Stop, keep the best' }).click();
  await page.getByText(/^The weights of epoch \d+ are kept/).waitFor({ timeout: 60_000 });
  await page.getByRole('grid', { name: 'Confusion matrix' }).waitFor();
  expect((await client.call('run.get', { projectId, runId: stopped })).record.status).toBe('cancelled');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Stop, keep the best' }).click({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Continue' }).waitFor({ timeout: 60_000 });
  expect(await findBarriers(page)).toEqual([]);
  const { metrics } = await client.call('run.get', { projectId, runId: stopped });
  const steps = metrics.filter(({ type }) => type === 'step').map(({ step }) => step);
  expect(steps).toEqual(steps.map((_, index) => index + 1));
});

test('goes on by one click with half of the batch of a run that memory ended, and says so in Chinese too', async () => {
  const { page, client } = studio;
  const {
    runs: [stopped],
  } = await client.call('run.list', { projectId });
  if (!stopped) throw new Error('Expected the run that was stopped');
  const file = path.join(projectFolder, 'runs', stopped.id, 'run.json');
  const advice = say('adviceSmallerBatch', { half: 16 });
  const ended = { status: 'interrupted', reason: say('memoryRanOut', { advice }), result: null, smallerBatchSize: 16 };
  await writeFile(file, JSON.stringify({ ...stopped, ...ended }));
  await goTo('runs');
  await goTo(`runs/${stopped.id}`);
  await page.getByText('Memory ran out. Continue with a batch size of 16').waitFor();
  const language = await client.call('settings.get', {});
  await client.call('settings.set', { ...language, language: 'zh-CN' });
  await page.getByRole('button', { name: '以批大小 16 继续' }).waitFor();
  await page.getByText('内存不足。以批大小 16 继续').waitFor();
  await client.call('settings.set', { ...language, language: 'en' });
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Continue with batch size 16' }).click();
  await expect.poll(() => new URL(page.url()).hash).not.toContain(stopped.id);
  await page.getByRole('button', { name: 'Stop, keep the best' }).click({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Continue' }).waitFor({ timeout: 60_000 });
  const { runs } = await client.call('run.list', { projectId });
  expect(runs[0]).toMatchObject({ continues: stopped.id, recipe: { batchSize: 16 }, smallerBatchSize: null });
});

test('trains a complete run longer, as a new run that names it', async () => {
  const { page, client } = studio;
  const complete = await start(2);
  await goTo(`runs/${complete}`);
  await page.getByRole('button', { name: 'Train longer' }).click({ timeout: 60_000 });
  const dialog = page.getByRole('dialog', { name: 'Train longer' });
  await dialog.getByLabel('More epochs').fill('0');
  await expect.poll(() => dialog.getByRole('button', { name: 'Train longer' }).isDisabled()).toBe(true);
  await dialog.getByLabel('More epochs').fill('3');
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).hash).not.toContain(complete);
  await page.getByRole('button', { name: 'Train longer' }).waitFor({ timeout: 60_000 });
  const { runs } = await client.call('run.list', { projectId });
  expect(runs[0]).toMatchObject({ continues: complete, status: 'completed', recipe: { epochs: 5 } });
  await page.getByRole('tab', { name: 'Recipe' }).click();
  await page.getByText(complete).waitFor();
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
