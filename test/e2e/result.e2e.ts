import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenProject } from '../../src-shared/contract/project.contract.ts';
import type { Dataset } from '../../src-shared/domain/dataset.ts';
import { predict, saveRun, type SavedRun } from '../support/saved-runs.ts';
import { importMany } from './many-images.ts';
import { findBarriers, openStudio, openTabWithEvents, type Studio } from './studio.ts';

// Results of runs that ended before the page was opened, of any state, without training them.

const classNames = [
  'ash',
  'beech',
  'cedar',
  'dogwood',
  'elm',
  'fir',
  'gum',
  'hazel',
  'ivy',
  'juniper',
  'larch',
  'maple',
];
const imagesPerClass = 20;
const accuracies = [0.4, 0.7, 0.6];

let studio: Studio;
let project: OpenProject;
let dataset: Dataset;

beforeAll(async () => {
  studio = await openStudio();
  project = await importMany(studio, { classNames, imagesPerClass });
  dataset = await studio.client.call('dataset.get', { projectId: project.id });
});

afterAll(async () => {
  await studio.close();
});

/** A prediction for every image; `wrong` of them are taken for the next class. */
function predictAll(wrong: number, split: 'test' | 'validation' = 'test'): SavedRun['predictions'] {
  const classCount = dataset.classes.length;
  return dataset.images.map((image, index) => {
    const label = dataset.classes.findIndex(({ id }) => id === image.classId);
    return predict(image, { split, label, predicted: index < wrong ? (label + 1) % classCount : label, classCount });
  });
}

async function show(run: SavedRun): Promise<void> {
  const { id } = await saveRun(project, dataset, run);
  await studio.page.goto(`${new URL(studio.page.url()).origin}/#/project/${project.id}/runs/${id}`);
}

test('keeps all wrong images at hand and only those in view in the page', async () => {
  const { page } = studio;
  await show({ number: 1, status: 'completed', accuracies, predictions: predictAll(200) });
  const list = page.getByRole('listbox', { name: 'Wrong images' });
  await list.getByRole('option').first().waitFor();
  expect(await list.getByRole('option').count()).toBeLessThan(40);
  await list.focus();
  await page.keyboard.press('End');
  await expect.poll(() => list.getByRole('option', { selected: true }).getAttribute('aria-posinset')).toBe('200');
  await page.keyboard.press('Home');
  await expect.poll(() => list.getByRole('option', { selected: true }).getAttribute('aria-posinset')).toBe('1');
  expect(await findBarriers(page)).toEqual([]);
});

test('corrects a wrong image to any class by its letters', async () => {
  const { page } = studio;
  const list = page.getByRole('listbox', { name: 'Wrong images' });
  await list.focus();
  await page.keyboard.press('m');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('option', { name: /maple/ }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText('1 image set to maple').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => list.getByRole('option', { selected: true }).innerText()).toContain('maple');
  await expect.poll(() => list.evaluate((element) => document.activeElement === element)).toBe(true);
  await page.keyboard.press('Control+z');
  await page.getByText(/^Undone/).waitFor();
});

test('opens a wrong image large by the mouse, and leads to it among the images', async () => {
  const { page } = studio;
  await page.getByRole('listbox', { name: 'Wrong images' }).getByRole('option').nth(2).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('img').or(dialog.locator('img')).first().waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('keeps scores and matrix at hand beside an open cell in the smallest window, and Escape closes it', async () => {
  const { page } = studio;
  await page.setViewportSize({ width: 1024, height: 700 });
  await page.getByRole('button', { name: 'ash taken for beech: 20' }).click();
  const panel = page.getByRole('complementary', { name: 'Images of the cell' });
  await expect.poll(() => panel.getByRole('option').count()).toBeGreaterThan(0);
  const boxOf = async (name: string) => (await page.getByRole('table').getByText(name).boundingBox())?.width ?? 0;
  expect(await boxOf('ash')).toBeGreaterThan(0);
  const [cell, over] = [await page.locator('.mx__c.is-open').boundingBox(), await panel.boundingBox()];
  expect((cell?.x ?? 0) + (cell?.width ?? 0)).toBeLessThan(over?.x ?? 0);
  expect(await findBarriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('an interrupted run says why, what is kept and what can be done', async () => {
  const { page } = studio;
  const reason = 'The trainer was ended by the system: memory ran out.';
  await show({ number: 2, status: 'interrupted', reason, accuracies, predictions: [] });
  await page.getByText(reason).waitFor();
  await page.getByText('The weights of epoch 2 are kept: 70.0 % of the validation images right.').waitFor();
  await page.getByText('It ended before the held-out images were judged').waitFor();
  await page.getByRole('img', { name: /^Accuracy/ }).waitFor();
  for (const name of ['Continue', 'Train again from this', 'Try'])
    expect(await page.getByRole('main').getByRole('button', { name, exact: true }).isEnabled()).toBe(true);
  expect(await findBarriers(page)).toEqual([]);
});

test('a run that failed in its first epoch tells the reason and offers neither weights nor figures', async () => {
  const { page } = studio;
  const reason = 'Loss became infinite at step 12. The learning rate 0.3 is likely too high. Try 0.01.';
  await show({ number: 3, status: 'failed', reason, accuracies: [], predictions: [] });
  await page.getByRole('alert').getByText(reason).waitFor();
  await page.getByText('so there are no weights to try or export').waitFor();
  expect(
    await page
      .getByRole('main')
      .getByRole('button', { name: /^(Try|Export)$/ })
      .count(),
  ).toBe(0);
  expect(await findBarriers(page)).toEqual([]);
});

test('a stopped run shows its best weights judged', async () => {
  const { page } = studio;
  await show({ number: 4, status: 'cancelled', accuracies, predictions: predictAll(24) });
  await page.getByText('You stopped this run after 3 whole epochs.').waitFor();
  await page.getByText('The weights of epoch 2 are kept').waitFor();
  await page.getByText('216 of 240 test images right').waitFor();
  expect(await findBarriers(page)).toEqual([]);
});

test('a run without test images is judged on validation and says so', async () => {
  const { page } = studio;
  await show({ number: 5, status: 'completed', accuracies, predictions: predictAll(12, 'validation') });
  await page.getByText('228 of 240 validation images right').waitFor();
  await page.getByText('there are no test images').waitFor();
});

test('a run without any held-out image says what is missing', async () => {
  const { page } = studio;
  await show({ number: 6, status: 'completed', accuracies: [], predictions: [] });
  await page.getByText('No image was held out for validation or test').waitFor();
});

test.each([1440, 1024])('lists every run with its interval or its reason, and its curve, at %i px', async (width) => {
  const { page } = studio;
  await page.setViewportSize({ width, height: 700 });
  await page.goto(`${new URL(page.url()).origin}/#/project/${project.id}/runs`);
  // The list follows core, which does not know of files that a test writes.
  await page.reload();
  const rowOf = (name: string) => page.getByRole('row', { name });
  await rowOf('Saved 4')
    .getByRole('img', { name: /^95 percent interval/ })
    .waitFor();
  await rowOf('Saved 4').getByRole('img', { name: 'Validation accuracy over 3 epochs, last 60.0 %' }).waitFor();
  await rowOf('Saved 2').getByText('validation, epoch 2').waitFor();
  await rowOf('Saved 3').getByText('Loss became infinite').waitFor();
  expect(await rowOf('Saved 3').getByRole('img').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  expect(await findBarriers(page)).toEqual([]);
});

test('shows how far the installation of TensorFlow is while a run waits for it', async () => {
  const { page, send } = await openTabWithEvents(studio);
  const record = await saveRun(project, dataset, { number: 7, status: 'completed', accuracies: [], predictions: [] });
  await page.goto(`${new URL(page.url()).origin}/#/project/${project.id}/runs/${record.id}`);
  await page.getByText('No image was held out').waitFor();
  const status = await studio.client.call('runtime.describe', {});
  send({
    name: 'run.recordChanged',
    payload: { projectId: project.id, seq: 1, record: { ...record, status: 'preparing' } },
  });
  const progress = { jobId: 'job-0001', stage: 'download', value: 0.42, words: '168 of 400 MB' };
  send({ name: 'runtime.changed', payload: { status: { ...status, state: 'installing', progress } } });
  await page.getByRole('main').getByText('168 of 400 MB').waitFor();
  const bar = page.getByRole('progressbar', { name: 'TensorFlow is being installed' });
  expect(await bar.getAttribute('aria-valuenow')).toBe('42');
  expect(await findBarriers(page)).toEqual([]);
  await page.close();
});

test('judges a run that ended early when asked, tells how far it is, and stops', async () => {
  const { page, send } = await openTabWithEvents(studio);
  await page.setViewportSize({ width: 1024, height: 700 });
  // A judging that lasts until the test ends it.
  let cancelled = Promise.withResolvers<null>();
  const error = { code: 'cancelled', message: 'The judging was stopped.', retry: true };
  await page.route('**/rpc/run.evaluate', async (route) => {
    await cancelled.promise;
    await route.fulfill({ json: { ok: false, error } });
  });
  await page.route('**/rpc/run.cancelEvaluation', async (route) => {
    cancelled.resolve(null);
    await route.continue();
  });
  const { id } = await saveRun(project, dataset, { number: 8, status: 'interrupted', accuracies, predictions: [] });
  await page.goto(`${new URL(page.url()).origin}/#/project/${project.id}/runs/${id}`);
  const judge = page.getByRole('button', { name: 'Judge the held-out images' });
  for (const done of [40, 80]) {
    cancelled = Promise.withResolvers();
    await judge.click();
    await judge.waitFor({ state: 'detached' });
    send({ name: 'run.imagesJudged', payload: { projectId: project.id, runId: id, split: 'test', done, total: 160 } });
    const bar = page.getByRole('progressbar', { name: 'Judging the test images' });
    await bar.waitFor();
    expect(await bar.getAttribute('aria-valuenow')).toBe(String((done / 160) * 100));
    await page.getByText(`${String(done)} of 160`).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await judge.waitFor();
    expect(await bar.count()).toBe(0);
  }
  expect(await findBarriers(page)).toEqual([]);
  await page.close();
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
