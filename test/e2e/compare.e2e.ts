import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { RunRecord } from '../../src-shared/domain/run.ts';
import { findBarriers, openStudio, type Studio } from './studio.ts';
import { openSample, trainSample } from './trained-sample.ts';

let studio: Studio;
let sample: Awaited<ReturnType<typeof openSample>>;
let projectId: ProjectId;
let first: RunRecord;
let second: RunRecord;

beforeAll(async () => {
  studio = await openStudio();
  sample = await openSample(studio.client);
  ({ projectId } = sample);
  first = await trainSample(studio.client, sample, { learningRate: 0.001 });
  second = await trainSample(studio.client, sample, { learningRate: 0.01 });
});

afterAll(async () => {
  await studio.close();
});

async function open(place: string): Promise<void> {
  await studio.page.evaluate((hash) => {
    location.hash = hash;
  }, `#/project/${projectId}/${place}`);
}

test('compares the two runs that were chosen in the list, by keys alone', async () => {
  const { page } = studio;
  await open('runs');
  const boxes = page.getByRole('checkbox', { name: /^Choose .* for comparing$/ });
  await boxes.nth(1).focus();
  await page.keyboard.press('Space');
  await boxes.nth(0).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('c');
  await page.waitForURL(new RegExp(`runs/compare\\?a=${first.id}&b=${second.id}`));
  const differs = page.locator('table.differs tbody tr');
  await differs.first().waitFor();
  expect(await differs.allInnerTexts()).toEqual([expect.stringMatching(/^Learning rate\s+0\.001\s+0\.01$/)]);
  await page.getByText(/^95 % interval from/).waitFor();
  expect(await page.getByRole('list', { name: 'Recall of each class' }).getByRole('listitem').count()).toBe(8);
  expect(await findBarriers(page)).toEqual([]);
});

test('tells of each image that changed what both runs say and who is right, and opens it', async () => {
  const { page, client } = studio;
  const [comparison, a, b] = await Promise.all([
    client.call('run.compare', { projectId, a: first.id, b: second.id }),
    client.call('run.evaluate', { projectId, runId: first.id, split: 'test' }),
    client.call('run.evaluate', { projectId, runId: second.id, split: 'test' }),
  ]);
  expect(comparison.fixed.length).toBeGreaterThan(0);
  const fixed = page.getByRole('region', { name: 'Fixed by B' }).getByRole('link');
  expect(await fixed.count()).toBe(comparison.fixed.length);
  expect(await page.getByRole('region', { name: 'Broken by B' }).getByRole('link').count()).toBe(
    comparison.broken.length,
  );
  const tile = fixed.first();
  const imageId = (await tile.getAttribute('href'))?.split('/').at(-1);
  const [inA, inB] = [a, b].map(({ images, classes }) => {
    const image = images.find((one) => one.imageId === imageId);
    if (!image) throw new Error('The tile is of no judged image.');
    return { name: classes[image.predicted]?.name ?? '', share: Math.round(image.probability * 100) };
  });
  // B is right: what it says is the label.
  const name = `labelled ${inB?.name ?? ''}, was ${inA?.name ?? ''} (${String(inA?.share)} %) in A, now ${inB?.name ?? ''} (${String(inB?.share)} %) in B`;
  expect((await tile.getAttribute('title'))?.replaceAll(/\s/gu, ' ')).toContain(name);
  expect(await tile.innerText()).toContain(`was ${inA?.name ?? ''}`);
  await tile.press('Enter');
  await page.waitForURL(new RegExp(`images/one/${imageId ?? ''}`));
  await page.goBack();
  await fixed.first().waitFor();
});

test('shows below the list how accuracy and time go together, and the images that no run gets right', async () => {
  const { page, client } = studio;
  await open('runs');
  const points = page.getByRole('region', { name: 'Accuracy against time' }).getByRole('link');
  await points.first().waitFor();
  expect(await points.count()).toBe(2);
  const evaluations = await Promise.all(
    [first, second].map(({ id }) => client.call('run.evaluate', { projectId, runId: id, split: 'test' })),
  );
  const [wrong, alsoWrong] = evaluations.map(
    ({ images }) => new Set(images.filter((one) => one.label !== one.predicted).map(({ imageId }) => imageId)),
  );
  const inBoth = [...(wrong ?? [])].filter((id) => alsoWrong?.has(id)).length;
  const list = page.getByRole('listbox', { name: 'Wrong in every run' });
  await page.getByText(`${String(inBoth)} of 64 test images`).waitFor();
  await list.focus();
  await page.keyboard.press('1');
  await page.getByText(`${String(inBoth - 1)} of 64 test images`).waitFor();
  await client.call('dataset.undo', { projectId });
  await page.getByText(`${String(inBoth)} of 64 test images`).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await points.first().press('Enter');
  await page.waitForURL(/runs\/run-/);
});

test('says that validation images judged a run for which there were no test images', async () => {
  const { page, client } = studio;
  const { images } = await client.call('dataset.get', { projectId });
  const imageIds = images.filter(({ split }) => split === 'test').map(({ id }) => id);
  await client.call('dataset.setLabel', { projectId, imageIds, classId: null });
  const third = await trainSample(client, sample);
  await open(`runs/compare?a=${first.id}&b=${third.id}`);
  await page.getByText('Judged on validation images, because not both runs have test images.').waitFor();
  await page.getByText(/ validation images, interval/).waitFor();
  expect(await page.getByText(/ test images, interval/).count()).toBe(1);
  expect(await findBarriers(page)).toEqual([]);
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
